import type { Socket } from 'node:net';

/** Receives what the other side sends. Buffers are its own. */
export interface FrameOwner {
  onMessage(data: Buffer, binary: boolean): void;
  onPing(data: Buffer): void;
  onPong(data: Buffer): void;
  /** The other side closes. @param code 1005: it gave none */
  onClose(code: number): void;
  onBadFrame(error: Error): void;
}

/** Reads and writes the frames of one WebSocket (RFC 6455). */
export interface Frames {
  /** @param bytes kept by the callee */
  read(bytes: Buffer): void;
  /** @param sent called when the system has taken it */
  send(data: string | Uint8Array, sent: () => void): void;
  ping(data: Buffer): void;
  pong(data: Buffer): void;
  close(code: number): void;
}

/** The parts of `ws` that are used; its types do not declare them. */
interface FrameLibrary {
  readonly Receiver: new (options: { readonly maxPayload: number }) => NodeJS.WritableStream;
  readonly Sender: new (socket: Socket) => {
    send(data: string | Uint8Array, options: object, sent: () => void): void;
    ping(data: Buffer, mask: boolean): void;
    pong(data: Buffer, mask: boolean): void;
    close(code: number, data: string, mask: boolean): void;
  };
}

let library: FrameLibrary | undefined;

/** Loads the library for frames; before the load, so that no connection waits for it. */
export async function loadFrames(): Promise<void> {
  library ??= (await import('ws')) as unknown as FrameLibrary;
}

/** Whether `loadFrames` is over. */
export function framesLoaded(): boolean {
  return library !== undefined;
}

/**
 * Calls `owner` during `read`, so that its stamps are those of the socket's data event; `onBadFrame` in the next tick.
 * @param maxPayload most bytes of a message
 */
export function createFrames(socket: Socket, maxPayload: number, owner: FrameOwner): Frames {
  if (library === undefined) throw new Error('expected loadFrames() first');
  const receiver = new library.Receiver({ maxPayload });
  const sender = new library.Sender(socket);
  let over = false;
  receiver.on('message', (data: Buffer, binary: boolean) => owner.onMessage(data, binary));
  receiver.on('ping', (data: Buffer) => owner.onPing(data));
  receiver.on('pong', (data: Buffer) => owner.onPong(data));
  receiver.on('conclude', (code: number) => {
    over = true;
    owner.onClose(code);
  });
  receiver.on('error', (error: Error) => {
    over = true;
    owner.onBadFrame(error);
  });
  return {
    read: (bytes) => {
      if (!over) receiver.write(bytes);
    },
    send: (data, sent) => {
      sender.send(data, { fin: true, mask: true, binary: typeof data !== 'string', compress: false }, sent);
    },
    ping: (data) => sender.ping(data, true),
    pong: (data) => sender.pong(data, true),
    close: (code) => sender.close(code, '', true),
  };
}
