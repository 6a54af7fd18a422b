import type { WireRequest } from '../../model/flight.ts';

/** Methods that usually have a body: without one they send `Content-Length: 0` (RFC 9110, 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Everything of a request before its body.
 *
 * Must hold: nothing is escaped or checked here: method, path and headers are checked in `user/build-wire.ts`. One character is
 * one byte, so it is written as `latin1`, and its length is its number of bytes.
 *
 * @param hostLine for a request without its own `host`; ends with CR LF
 */
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
