import { Agent, request } from 'undici';
import type { Credentials } from '../spec/credentials.ts';
import type { Answer, Batch, Rejected } from './delivery.ts';

const REQUEST_MS = 5000;
/** How much of an error text is kept. */
const MOST_TEXT = 200;
const MOST_READ = 4096;

/** How credentials are written in the header `authorization`. */
export type TokenScheme = 'Bearer' | 'Token';

interface ReceiverOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly scheme?: TokenScheme;
  /** What the answer to a batch that was taken says of points that were not. */
  readonly rejectedIn?: (body: Uint8Array) => Rejected | undefined;
}

/** One HTTP receiver. It follows no redirect, so that credentials go nowhere else. */
export class Receiver {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;
  readonly #rejectedIn: ReceiverOptions['rejectedIn'];

  constructor(
    url: URL,
    credentials: Credentials,
    { headers = {}, scheme = 'Bearer', rejectedIn }: ReceiverOptions = {},
  ) {
    this.#rejectedIn = rejectedIn;
    const { username, password, token, ca } = credentials;
    this.#url = url.href;
    this.#headers = {
      'user-agent': 'jarvis-load',
      ...headers,
      ...(username === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }),
      ...(token === undefined ? {} : { authorization: `${scheme} ${token}` }),
      ...credentials.headers,
    };
    this.#agent = new Agent({
      connections: 1,
      pipelining: 1,
      connect: { timeout: REQUEST_MS, ...(ca === undefined ? {} : { ca }) },
      headersTimeout: REQUEST_MS,
      bodyTimeout: REQUEST_MS,
    });
  }

  /** Sends a batch; never rejects. */
  readonly post = async ({ body }: Pick<Batch, 'body'>, signal?: AbortSignal): Promise<Answer> => {
    const limit = AbortSignal.timeout(REQUEST_MS);
    try {
      const answer = await request(this.#url, {
        method: 'POST',
        body,
        headers: this.#headers,
        dispatcher: this.#agent,
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      const { statusCode, headers } = answer;
      if (statusCode >= 200 && statusCode < 300) {
        if (this.#rejectedIn === undefined) {
          await answer.body.dump();
          return { kind: 'taken' };
        }
        const rejected = this.#rejectedIn(await beginning(answer.body));
        return { kind: 'taken', ...(rejected === undefined ? {} : { rejected }) };
      }
      const text = firstLine((await beginning(answer.body)).toString('utf8'));
      const reason = `receiver answered ${statusCode}${text === '' ? '' : ` (${text})`}`;
      const retry = statusCode === 429 || statusCode >= 500;
      if (!retry) return { kind: 'refused', reason };
      const seconds = Number(headers['retry-after']);
      return { kind: 'busy', reason, ...(seconds > 0 ? { afterMs: seconds * 1000 } : {}) };
    } catch (error) {
      return { kind: 'busy', reason: reasonOf(error, limit.aborted) };
    }
  };

  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

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

/** Of a text of the receiver, to be shown. */
export function firstLine(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return line
    .replace(/[\p{C}\s]+/gu, ' ')
    .slice(0, MOST_TEXT)
    .trim();
}

function reasonOf(error: unknown, timedOut: boolean): string {
  if (timedOut) return `no answer within ${REQUEST_MS / 1000} s`;
  const { message, code: given } = error as Error & { readonly code?: unknown };
  // A `DOMException` has a number there.
  const code = typeof given === 'string' ? given : undefined;
  if (code?.startsWith('UND_ERR_') === true && code.includes('TIMEOUT'))
    return `no answer within ${REQUEST_MS / 1000} s`;
  if (code === 'UND_ERR_SOCKET') return 'the receiver closed the connection';
  return code ?? message;
}
