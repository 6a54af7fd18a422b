import { Agent, request as requestPlain, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent, request as requestSecure } from 'node:https';
import { Redactor } from '@jarvis-load/engine/secrets';
import { secretsOfCredentials, type Credentials } from '../spec/credentials.ts';
import type { Answer, Batch, Rejected } from './delivery.ts';

/*
 * POST of bytes to a receiver: `Receiver`. Must hold:
 * - `post` never rejects, and has ended after 5 s: 2xx is taken; 429, 5xx and no answer are busy; all else is refused, redirects
 *   too.
 * - Credentials go into headers and into no reason; those of `Credentials.headers` win over all others. A reason may hold text of
 *   the receiver, without its credentials and control characters, cut in this order: half of a secret is not found. Secrets of the
 *   run are redacted by the command line.
 * - The exporter calls `close` after the last `post` has settled: it breaks open connections.
 */

const REQUEST_MS = 5000;
/** A connection that is idle for longer is not used again: receivers close theirs after 5 s and more. */
const IDLE_MS = 4000;
/** How much of an error text is kept. */
const MOST_TEXT = 200;
/** The part of it that is redacted: no more can be kept. */
const MOST_REDACTED = 1000;
/** More than twice a header of 16 KiB, so that a secret is not cut here in the part that is shown. */
const MOST_READ = 2 ** 16;

/** Node's codes for a certificate whose authority is not trusted. */
const UNTRUSTED = /SELF_SIGNED_CERT|UNABLE_TO_(?:GET_ISSUER|VERIFY_LEAF)|^CERT_UNTRUSTED$/;

/** How credentials are written in the header `authorization`. */
export type TokenScheme = 'Bearer' | 'Token';

interface ReceiverOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly scheme?: TokenScheme;
  /** What the answer to a batch that was taken says of points that were not. */
  readonly rejectedIn?: (body: Uint8Array, shown: Shown) => Rejected | undefined;
}

/** Text of the receiver, fit to be shown: its first line, without credentials. */
export type Shown = (text: string) => string;

/**
 * One HTTP receiver, one connection. It follows no redirect, so that credentials go nowhere else. On Node's own client: loading
 * undici took half of the processor time in which an output starts.
 */
export class Receiver {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;
  readonly #rejectedIn: ReceiverOptions['rejectedIn'];
  readonly #redactor: Redactor;
  readonly #caVariable: string | undefined;

  constructor(
    url: URL,
    credentials: Credentials,
    { headers = {}, scheme = 'Bearer', rejectedIn }: ReceiverOptions = {},
  ) {
    this.#rejectedIn = rejectedIn;
    const { username, password, token, ca, caVariable } = credentials;
    this.#caVariable = caVariable;
    this.#url = url;
    this.#redactor = new Redactor(secretsOfCredentials(credentials));
    this.#headers = {
      'user-agent': 'jarvis-load',
      ...headers,
      ...(username === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }),
      ...(token === undefined ? {} : { authorization: `${scheme} ${token}` }),
      ...credentials.headers,
    };
    const options = { keepAlive: true, maxSockets: 1, timeout: IDLE_MS };
    this.#agent =
      url.protocol === 'https:'
        ? new SecureAgent({ ...options, ...(ca === undefined ? {} : { ca }) })
        : new Agent(options);
  }

  /** Sends a batch; never rejects. */
  readonly post = async ({ body }: Pick<Batch, 'body'>, signal?: AbortSignal): Promise<Answer> => {
    const limit = AbortSignal.timeout(REQUEST_MS);
    try {
      const both = signal === undefined ? limit : AbortSignal.any([signal, limit]);
      const answer = await this.#request(body, both);
      const { statusCode = 0, headers } = answer;
      if (statusCode >= 200 && statusCode < 300) {
        const text = await beginning(answer);
        const rejected = this.#rejectedIn?.(text, this.#shown);
        return { kind: 'taken', ...(rejected === undefined ? {} : { rejected }) };
      }
      const text = this.#shown((await beginning(answer)).toString('utf8'));
      const reason = `receiver answered ${statusCode}${text === '' ? '' : ` (${text})`}`;
      const retry = statusCode === 429 || statusCode >= 500;
      if (!retry) return { kind: 'refused', reason };
      const seconds = Number(headers['retry-after']);
      return { kind: 'busy', reason, ...(seconds > 0 ? { afterMs: seconds * 1000 } : {}) };
    } catch (error) {
      const reason = reasonOf(error, limit.aborted);
      const toDo = this.#caVariable !== undefined && UNTRUSTED.test(reason);
      return {
        kind: 'busy',
        reason: toDo ? `${reason}, ${this.#caVariable} names no file of its authority` : reason,
      };
    }
  };

  close(): void {
    this.#agent.destroy();
  }

  readonly #shown: Shown = (text) => {
    const [line = ''] = this.#redactor.excerpt(text.trim(), MOST_REDACTED).split('\n', 1);
    return line
      .replace(/[\p{C}\s]+/gu, ' ')
      .slice(0, MOST_TEXT)
      .trim();
  };

  #request(body: Uint8Array, signal: AbortSignal): Promise<IncomingMessage> {
    const request = this.#url.protocol === 'https:' ? requestSecure : requestPlain;
    const headers = { 'content-length': body.byteLength, ...this.#headers };
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers, signal });
      sent.once('response', resolve);
      // Also after the response: an error of its body is thrown where it is read.
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** The answer to its end, or to as much as is kept; a longer one costs its connection. */
async function beginning(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > MOST_READ) break;
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown, timedOut: boolean): string {
  if (timedOut) return `no answer within ${REQUEST_MS / 1000} s`;
  const { message, code: given } = error as Error & { readonly code?: unknown };
  const code = typeof given === 'string' ? given : undefined;
  // Node's word for a connection that ends before the answer.
  if (code === 'ECONNRESET' && message === 'socket hang up') return 'the receiver closed the connection';
  return code ?? message;
}
