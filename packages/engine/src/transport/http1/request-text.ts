import type { WireRequest } from '../../model/flight.ts';

/** Methods that usually have a body: without one they send `Content-Length: 0` (RFC 9110, 8.6). */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);
/** A request up to this size fits into one TCP segment, even with TLS and a path MTU of 1280 bytes. */
const ONE_SEGMENT_BYTES = 1150;

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

/** Whether the request is sent in one TCP segment; content that is read while it is sent follows the head in others. */
export function inOneSegment(wire: WireRequest, hostLine: string): boolean {
  const { body, bodyBytes } = wire;
  if (body !== null && typeof body === 'object' && 'parts' in body) return false;
  return requestHead(wire, hostLine).length + bodyBytes <= ONE_SEGMENT_BYTES;
}
