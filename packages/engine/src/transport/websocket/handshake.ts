import { createHash, randomBytes } from 'node:crypto';
import type { WireRequest } from '../../model/flight.ts';
import { invalidHttp } from '../failure.ts';
import { valuesOf } from '../head.ts';

/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** A key of a handshake (RFC 6455, 4.1). */
export function newKey(): string {
  return randomBytes(16).toString('base64');
}

/**
 * The request that asks for a WebSocket, whole. As in `requestHead`, nothing is escaped, and it is written as `latin1`.
 * @param hostLine for a request without its own `host`; ends with CR LF
 */
export function handshakeText({ path, head, host }: WireRequest, hostLine: string, key: string): string {
  return `GET ${path} HTTP/1.1\r\n${host === undefined ? hostLine : `host: ${host}\r\n`}connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n${head}\r\n`;
}

/** @param fields of a response with status 101. @throws AnswerError `invalid_http` unless it accepts this key, without extensions */
export function checkAccepted(fields: string, key: string): void {
  const expected = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  const [upgrade = ''] = valuesOf(fields, 'upgrade');
  if (upgrade.toLowerCase() !== 'websocket') throw invalidHttp('status 101 without Upgrade: websocket');
  if (valuesOf(fields, 'sec-websocket-accept')[0] !== expected) {
    throw invalidHttp('a Sec-WebSocket-Accept that does not belong to the key of the request');
  }
  if (valuesOf(fields, 'sec-websocket-extensions').length > 0) {
    throw invalidHttp('extensions of the WebSocket that were not requested');
  }
}
