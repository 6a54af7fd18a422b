import { Agent, request } from 'undici';
import type { Credentials } from '../spec/credentials.ts';
import type { Answer, Batch } from './delivery.ts';

const REQUEST_MS = 5000;
/** How much of an error text is kept. */
const MOST_TEXT = 200;
const MOST_TEXT_READ = 4096;

/** How credentials are written in the header `authorization`. */
export type TokenScheme = 'Bearer' | 'Token';

/** One HTTP receiver. It follows no redirect, so that credentials go nowhere else. */
export class Receiver {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;

  constructor(
    url: URL,
    credentials: Credentials,
    {
      headers = {},
      scheme = 'Bearer',
    }: { readonly headers?: Readonly<Record<string, string>>; readonly scheme?: TokenScheme } = {},
  ) {
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
        await answer.body.dump();
        return { kind: 'taken' };
      }
      const text = await firstLine(answer.body);
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

async function firstLine(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > MOST_TEXT_READ) break;
  }
  const [line = ''] = Buffer.concat(chunks).toString('utf8').trim().split('\n', 1);
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
