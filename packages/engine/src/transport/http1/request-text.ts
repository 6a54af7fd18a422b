import type { WireRequest } from '../flight.ts';

/** Methods whose requests have a body as a rule: without one they say so (RFC 9110, 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Everything of a request before its body. @param hostLine for one that names no host itself */
export function requestHead(
  { method, path, head, host, close, body, bodyBytes }: WireRequest,
  hostLine: string,
): string {
  let text = `${method} ${path} HTTP/1.1\r\n${host === undefined ? hostLine : `host: ${host}\r\n`}${
    close ? 'connection: close\r\n' : 'connection: keep-alive\r\n'
  }${head}`;
  if (body !== null || WITH_BODY.has(method)) text += `content-length: ${bodyBytes}\r\n`;
  return `${text}\r\n`;
}
