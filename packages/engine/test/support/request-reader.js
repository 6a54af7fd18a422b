/**
 * @typedef {object} ScriptedRequest
 * @property {import('node:net').Socket} socket
 * @property {string} path with its query
 * @property {string} phase what `x-load-phase` says; `run` without it
 */

const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;
const PHASE = /\r\nx-load-phase: *([a-z-]+)/i;

/** Cuts the bytes of one connection into requests: enough HTTP for clients that send what they should. */
export class RequestReader {
  #socket;
  #arrived;
  /** @type {Buffer | undefined} */
  #rest;

  /**
   * @param {import('node:net').Socket} socket
   * @param {(request: ScriptedRequest) => void} arrived called when a request has come in whole
   */
  constructor(socket, arrived) {
    this.#socket = socket;
    this.#arrived = arrived;
  }

  /** @param {Buffer} chunk */
  read(chunk) {
    let bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    while (bytes.length > 0) {
      const headEnd = bytes.indexOf(HEAD_END);
      if (headEnd < 0) break;
      const head = bytes.toString('latin1', 0, headEnd);
      const end = headEnd + HEAD_END.length + Number(LENGTH.exec(head)?.[1] ?? 0);
      if (bytes.length < end) break;
      bytes = bytes.subarray(end);
      const start = head.indexOf(' ') + 1;
      this.#arrived({
        socket: this.#socket,
        path: head.slice(start, head.indexOf(' ', start)),
        phase: PHASE.exec(head)?.[1] ?? 'run',
      });
    }
    if (bytes.length > 0) this.#rest = bytes;
  }
}
