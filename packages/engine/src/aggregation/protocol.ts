import type { ResultNote, RunResult } from '../document/schema.ts';
import type { HttpProtocol } from '../model/flight.ts';

/** The target as described in the document. @param protocol that its connections spoke; undefined where there was none */
export function withProtocol(
  { name, url, ...rest }: RunResult['target'],
  protocol: HttpProtocol | undefined,
): RunResult['target'] {
  return { name, url, ...(protocol === undefined ? {} : { protocol }), ...rest };
}

/** A note if the connections used another protocol than requested. */
export function protocolNotes(http2: boolean, protocol: HttpProtocol | undefined): readonly ResultNote[] {
  if (!http2 || protocol !== 'HTTP/1.1') return [];
  return [
    {
      level: 'warning',
      code: 'http2-not-spoken',
      text: 'HTTP/2 was requested, but the target supports only HTTP/1.1, which was used. HTTP/2 needs https:// and a server that offers it.',
    },
  ];
}
