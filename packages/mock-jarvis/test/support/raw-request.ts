import { connect } from 'node:net';

/** What was received on a raw socket. */
export interface RawOutcome {
  readonly bytes: Buffer;
  /** Error code, such as ECONNRESET. */
  readonly errorCode: string | undefined;
  /** Closed by the server. */
  readonly isClosed: boolean;
}

/** Sends one request on a raw socket and records every byte until the connection closes or the time is up. */
export function rawRequest(url: string, lines: readonly string[], waitMs = 1500): Promise<RawOutcome> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let errorCode: string | undefined;
    const socket = connect(Number(port), hostname, () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
    const finish = (isClosed: boolean): void => {
      clearTimeout(timer);
      resolve({ bytes: Buffer.concat(chunks), errorCode, isClosed });
      socket.destroy();
    };
    const timer = setTimeout(() => finish(false), waitMs);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      errorCode = error.code;
    });
    socket.on('close', () => finish(true));
  });
}
