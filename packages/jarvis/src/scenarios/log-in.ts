import type { Account, LoadResponse, VirtualUser } from '@jarvis-load/engine';
import { decodeFailure } from '../dialects/decode-failure.ts';
import { DIALECTS } from '../dialects/dialect-by-id.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { isRecord } from '../dialects/rules.ts';
import { JarvisError } from '../error.ts';
import { explainUnreachable } from '../probe/explain-unreachable.ts';

/** A token, which is a secret, with its lifetime. Plain JSON: k6 passes the result of `setup` to its users as JSON. */
export interface Login {
  readonly token: string;
  readonly obtainedAtMs: number;
  /** `null` when the lifetime is unknown. */
  readonly expiresInMs: number | null;
}

/** Attempts after transient failures; a wrong password or a missing token is not retried. */
const ATTEMPTS = 4;
const PAUSE_SECONDS = 1;
/**
 * Longest total wait for a rate limit: where no `maxPerSecond` is declared, nothing paces the logins of different users. The
 * `setupTimeout` of k6 (`k6-options.ts`) must be longer.
 */
const LONGEST_WAIT_SECONDS = 60;

/**
 * Logs in, with retries after rate limits and transient failures.
 * @throws JarvisError `login_without_token` for a 2xx that is no login of the dialect, `login_failed` for anything else
 */
export async function logIn(
  user: VirtualUser,
  dialect: Dialect,
  account: Account,
  now: () => number,
  patience: { readonly attempts: number; readonly waitSeconds: number } = {
    attempts: ATTEMPTS,
    waitSeconds: LONGEST_WAIT_SECONDS,
  },
): Promise<Login> {
  let waitedSeconds = 0;
  for (let attempt = 1; ; attempt++) {
    const response = await requestLogin(user, dialect, account);
    const login = readLogin(dialect, response, now);
    if (login !== undefined) return login;
    const limited = response.status === 429;
    const seconds = limited ? pauseSeconds(user, response, attempt, now) : PAUSE_SECONDS;
    waitedSeconds += seconds;
    const over = waitedSeconds > patience.waitSeconds || (!limited && attempt >= patience.attempts);
    if (over || !mayPass(response)) throw loginError(dialect, account, response);
    await user.think(seconds);
  }
}

/**
 * What the answer asks for (`retry_after` of the body, or `Retry-After`), at least 1 s; otherwise a random pause that grows with
 * the attempts, so that refused users do not all retry at the same time.
 */
function pauseSeconds(user: VirtualUser, response: LoadResponse, attempt: number, now: () => number): number {
  const asked = decodeFailure(response, now()).retryAfterSeconds;
  return Math.max(PAUSE_SECONDS, asked ?? PAUSE_SECONDS + user.random() * attempt);
}

/** Sends one login request. */
export function requestLogin(user: VirtualUser, dialect: Dialect, account: Account): Promise<LoadResponse> {
  return user.request(
    loginOperation(dialect).request({ username: account.username, password: account.password }),
  );
}

/** The login in an answer; `undefined` when there is none. */
export function readLogin(dialect: Dialect, response: LoadResponse, now: () => number): Login | undefined {
  if (response.status < 200 || response.status > 299) return undefined;
  const decoded = loginOperation(dialect).interpret(response);
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

/** Whether a retry of the same request may succeed. */
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
  if (response.status === 0) {
    return new JarvisError(
      'login_failed',
      `${where} got no answer: ${explainUnreachable(response).text}. Check the target, and whether it runs.`,
    );
  }
  const failure = decodeFailure(response);
  return new JarvisError(
    'login_failed',
    `${where} as "${account.username}" answered ${response.status}: ${failure.message} (${failure.code}). Check the user name, the password and the target.`,
  );
}

/** Result of `setup` for the users: the shared login, or null when each user logs in. Plain JSON. */
export interface LoginShared {
  readonly login: Login | null;
}
