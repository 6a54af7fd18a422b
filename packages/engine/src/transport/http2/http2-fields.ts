import type { OutgoingHttpHeaders } from 'node:http2';
import type { WireRequest } from '../../model/flight.ts';
import { forEachField, headLine } from '../head.ts';

/** Connection-specific fields, which HTTP/2 forbids (RFC 9113, 8.2.2). */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The fields of a request over TLS, without those of the connection. They are checked by `user/build-wire.ts`, not here.
 * @param authority for a request without its own `host`
 */
export function http2Fields(
  { method, path, head, host, body, bodyBytes }: WireRequest,
  authority: string,
): OutgoingHttpHeaders {
  const fields: OutgoingHttpHeaders = {
    ':method': method,
    ':scheme': 'https',
    ':authority': host ?? authority,
    ':path': path,
  };
  forEachField(head, (written, value) => {
    const name = written.toLowerCase();
    if (OF_CONNECTION.has(name)) return;
    const before = Object.hasOwn(fields, name) ? fields[name] : undefined;
    fields[name] = before === undefined ? value : [before, value].flat().map(String);
  });
  if (body !== null) fields['content-length'] ??= bodyBytes;
  return fields;
}

/** The header lines of an answer. @param raw names and values in turn */
export function headOf(raw: readonly string[]): string {
  let head = '';
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!;
    if (!name.startsWith(':')) head += headLine(name, raw[i + 1]!);
  }
  return head;
}
