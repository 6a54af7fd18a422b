import type { LoadResponse, VirtualUser } from '@jarvis-load/engine';
import { decodeFailure } from '../dialects/decode-failure.ts';
import { DIALECTS } from '../dialects/dialect-by-id.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { isRecord } from '../dialects/rules.ts';
import { JarvisError } from '../error.ts';
import type { Account } from './options.ts';

/** A token with its life. Plain JSON, because k6 hands what `setup` returns to its users as JSON. */
export interface Login {
  readonly token: string;
  readonly obtainedAtMs: number;
  /** `null` for a token whose life is not known. */
  readonly expiresInMs: number | null;
}

/** A login may meet a full limiter or one bad answer; a wrong password or a missing token it does not retry. */
const ATTEMPTS = 4;
const PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 30;

/**
 * Logs in, waiting out rate limits and single failures.
 * @throws JarvisError `login_without_token` when the answer has no token, `login_failed` for anything else
 */
export async function logIn(
  user: VirtualUser,
  dialect: Dialect,
  account: Account,
  now: () => number,
  attempts = ATTEMPTS,
): Promise<Login> {
  for (let attempt = 1; ; attempt++) {
    const response = await requestLogin(user, dialect, account);
    const login = readLogin(dialect, response, now);
    if (login !== undefined) return login;
    if (attempt >= attempts || !mayPass(response)) throw loginError(dialect, account, response);
    const seconds = decodeFailure(response, now()).retryAfterSeconds ?? PAUSE_SECONDS;
    await user.think(Math.min(seconds, LONGEST_PAUSE_SECONDS));
  }
}

/** Sends one login request. */
export function requestLogin(user: VirtualUser, dialect: Dialect, account: Account): Promise<LoadResponse> {
  return user.request(
    loginOperation(dialect).request({ username: account.username, password: account.password }),
  );
}

/** The token of an answer, or nothing. */
export function readLogin(dialect: Dialect, response: LoadResponse, now: () => number): Login | undefined {
  if (response.status < 200 || response.status > 299) return undefined;
  const decoded = loginOperation(dialect).decode(response);
  if (!decoded.ok) return undefined;
  return {
    token: decoded.value.token,
    obtainedAtMs: now(),
    expiresInMs: decoded.value.expiresInSeconds * 1000,
  };
}

/** The login operation, which both dialects have. */
export function loginOperation(dialect: Dialect) {
  const operation = dialect.operations['auth.login'];
  if (operation === undefined) throw new JarvisError('login_failed', `Dialect ${dialect.id} has no login.`);
  return operation;
}

/** Whether the same request may well succeed in a moment. */
function mayPass(response: LoadResponse): boolean {
  if (response.status >= 200 && response.status < 300) return !isRecord(response.json());
  return response.status === 0 || response.status === 429 || response.status >= 500;
}

function loginError(dialect: Dialect, account: Account, response: LoadResponse): JarvisError {
  const operation = loginOperation(dialect);
  const where = `${operation.method} ${operation.route}`;
  if (response.status >= 200 && response.status < 300) {
    const body = response.json();
    const other = DIALECTS.find(
      (each) => each.id !== dialect.id && isRecord(body) && typeof body[each.fields.token] === 'string',
    );
    const hint =
      other === undefined
        ? 'Check that the URL is that of the Jarvis API.'
        : `It looks like an answer of dialect ${other.id}: use that one.`;
    return new JarvisError(
      'login_without_token',
      `${where} answered ${response.status} without a usable login (${operation.accepts(response) ?? 'no token'}; dialect ${dialect.id} promises \`${dialect.fields.token}\`). ${hint}`,
    );
  }
  const failure = decodeFailure(response);
  const status = response.status === 0 ? 'got no answer' : `answered ${response.status}`;
  return new JarvisError(
    'login_failed',
    `${where} as "${account.username}" ${status}: ${failure.message} (${failure.code}). Check the user name, the password and the target.`,
  );
}
