import { request } from 'undici';

/** A received response. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed body; undefined if it is not JSON. */
  readonly json: unknown;
}

/** Parts of a request. */
export interface Call {
  readonly body?: unknown;
  readonly raw?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request over loopback. `body` is sent as JSON. */
export async function call(base: string, method: string, path: string, options: Call = {}): Promise<Reply> {
  const { body, raw, token, headers } = options;
  const text = raw ?? (body === undefined ? null : JSON.stringify(body));
  const answer = await request(base + path, {
    method,
    body: text,
    headers: {
      ...(text !== null && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
  const received = await answer.body.text();
  let json: unknown;
  try {
    json = JSON.parse(received);
  } catch {
    json = undefined;
  }
  return { status: answer.statusCode, headers: answer.headers, text: received, json };
}

/** Logs in with the route of the dialect. */
export async function logIn(
  base: string,
  dialect: 'documented' | 'core' = 'documented',
  username = 'admin',
): Promise<string> {
  const path = dialect === 'core' ? '/api/auth/login' : '/auth/login';
  const { json } = await call(base, 'POST', path, { body: { username, password: 'admin123' } });
  const answer = json as { token?: string; access_token?: string };
  return answer.token ?? answer.access_token ?? '';
}
