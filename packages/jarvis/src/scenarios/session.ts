/**
 * Sessions: requests of users with a token that is renewed.
 *
 * Must hold:
 * - A session renews its token at most once at a time. Other requests go on with the present token; those that get a 401 wait for
 *   the renewal.
 * - A request is repeated at most once, after a 401 and with a renewed token. A given token is never renewed.
 * - A failed renewal is not tried again for `RETRY_RENEWAL_MS`, or a target that answers 401 would get a login for each request.
 * - `LoginShared` is plain JSON with a secret: it is sent to threads, and k6 writes it to its summary (`takeSummary`).
 */
import type { LoadResponse, RequestSpec, VirtualUser } from '@jarvis-load/engine';
import { JarvisError } from '../error.ts';
import type { JarvisOperation } from '../dialects/dialect.ts';
import { logIn, readLogin, requestLogin, type Login } from './log-in.ts';
import type { Account, JarvisScenarioOptions } from './options.ts';
import type { LoginShared } from './log-in.ts';

/** Sends the requests of a user with a token that is renewed before it expires. */
export interface Session {
  /** Sends the request, with the token if the operation needs one. */
  send(
    user: VirtualUser,
    operation: Pick<JarvisOperation, 'protected'>,
    spec: RequestSpec,
  ): Promise<LoadResponse>;
  /** The token, renewed if its time has come: for what is no request, such as a WebSocket. */
  token(user: VirtualUser): Promise<string>;
}

/** Logs in and opens sessions according to the options of a scenario. */
export interface Sessions {
  /** The shared login, or null. Throws when the login fails. */
  setup(user: VirtualUser): Promise<LoginShared>;
  /** The session of one user. Throws when its login fails. */
  start(user: VirtualUser, shared: LoginShared): Promise<Session>;
  /** Requests that {@link Sessions.start} makes, by operation name: a login if each user has its own. */
  readonly startRequests: Readonly<Record<string, number>>;
  /** The account of a user; `undefined` with a given token, when there is no account. */
  readonly accountOf: ((user: VirtualUser) => Account) | undefined;
  /** Functions that open a session to delete the data of the run, called one after another: one, or one per account (at most 20). */
  cleaners(user: VirtualUser, shared: LoginShared): readonly (() => Promise<Session>)[];
  /** A session for an existing login. */
  withLogin(login: Login, account: Account): Session;
}

/** Each account costs a login, and login limits make these slow. */
const MOST_CLEANED_ACCOUNTS = 20;

/** Cleaning up does not wait for a rate limit. */
const NO_PATIENCE = { attempts: 1, waitSeconds: 0 };

/** A token is renewed after this share of its lifetime. */
const RENEW_AT = 0.8;
/**
 * Renewals of different users are spread over this share of the lifetime, so that users of one login do not all renew
 * in the same second.
 */
const RENEW_SPREAD = 0.1;
const GOLDEN_RATIO = 0.618_033_988_749_895;
/** Minimum time between a failed renewal and the next attempt. */
const RETRY_RENEWAL_MS = 5000;

/**
 * Sessions for a token, for one login shared by all users, or for a login per user.
 * @throws JarvisError `invalid_credentials_option` without an account, and for an empty token
 */
export function createSessions(
  options: Pick<JarvisScenarioOptions, 'dialect' | 'credentials' | 'identity' | 'now'>,
): Sessions {
  const { dialect, credentials } = options;
  const now = options.now ?? Date.now;
  if ('token' in credentials) {
    if (credentials.token === '') throw new JarvisError('invalid_credentials_option', 'The token is empty.');
    const login: Login = { token: credentials.token, obtainedAtMs: now(), expiresInMs: null };
    const session = createSession(login, undefined, now);
    return {
      accountOf: undefined,
      startRequests: {},
      setup: () => Promise.resolve({ login: null }),
      start: () => Promise.resolve(session),
      cleaners: () => [() => Promise.resolve(session)],
      withLogin: (given) => createSession(given, undefined, now),
    };
  }
  const { accounts } = credentials;
  const first = accounts[0];
  if (first === undefined) {
    throw new JarvisError(
      'invalid_credentials_option',
      'There is no account to log in with: give at least one user name and password, or a token.',
    );
  }
  const perUser = options.identity === 'per-user';
  const accountOf = (user: VirtualUser): Account =>
    perUser ? (accounts[(Math.max(user.id, 1) - 1) % accounts.length] as Account) : first;
  const renewAs =
    (account: Account) =>
    async (user: VirtualUser): Promise<Login | undefined> =>
      readLogin(dialect, await requestLogin(user, dialect, account), now);
  const openAs = async (
    user: VirtualUser,
    account: Account,
    patience?: typeof NO_PATIENCE,
  ): Promise<Session> =>
    createSession(await logIn(user, dialect, account, now, patience), renewAs(account), now);
  // One session for all users of this thread (in k6: of this user), so that one renewal serves all of them.
  let common: { readonly login: Login; readonly session: Session } | undefined;
  const start = (user: VirtualUser, shared: LoginShared): Promise<Session> => {
    if (perUser || shared.login === null) return openAs(user, accountOf(user));
    if (common?.login.token !== shared.login.token) {
      common = { login: shared.login, session: createSession(shared.login, renewAs(first), now) };
    }
    return Promise.resolve(common.session);
  };
  return {
    accountOf,
    startRequests: perUser ? { 'auth.login': 1 } : {},
    setup: async (user) => ({ login: perUser ? null : await logIn(user, dialect, first, now) }),
    start,
    cleaners: (user, shared) =>
      perUser
        ? accounts.slice(0, MOST_CLEANED_ACCOUNTS).map((account) => () => openAs(user, account, NO_PATIENCE))
        : [() => start(user, shared)],
    withLogin: (login, account) => createSession(login, renewAs(account), now),
  };
}

/** A session whose token is renewed at 80 to 90 % of its lifetime, and once after a 401. */
function createSession(
  login: Login,
  renew: ((user: VirtualUser) => Promise<Login | undefined>) | undefined,
  now: () => number,
): Session {
  let current = withHeaders(login);
  let renewing: Promise<boolean> | undefined;
  let notBeforeMs = 0;
  /** Set when a renewed token was refused too: another login would not help. */
  let hopeless = false;

  const renewNow = async (user: VirtualUser): Promise<boolean> => {
    if (renew === undefined || now() < notBeforeMs) return false;
    // Set before the request and cleared on success, so that a renewal that ends because its user was interrupted is
    // not repeated at once either.
    notBeforeMs = now() + RETRY_RENEWAL_MS;
    const fresh = await renew(user);
    if (fresh === undefined) return false;
    current = withHeaders(fresh);
    notBeforeMs = 0;
    return true;
  };
  /** At most one renewal at a time; concurrent callers share its result. */
  const renewOnce = (user: VirtualUser): Promise<boolean> => {
    if (renewing !== undefined) return renewing.catch(() => false);
    const mine = renewNow(user).finally(() => (renewing = undefined));
    renewing = mine;
    return mine;
  };

  const renewInTime = async (user: VirtualUser): Promise<void> => {
    if (renewing === undefined && now() >= renewalTime(current, user)) await renewOnce(user);
  };

  return {
    async token(user) {
      await renewInTime(user);
      return current.token;
    },
    async send(user, operation, spec) {
      if (!operation.protected) return user.request(spec);
      await renewInTime(user);
      const used = current;
      const response = await user.request({ ...spec, headers: used.headers });
      if (response.status !== 401) {
        hopeless = false;
        return response;
      }
      if (hopeless || renew === undefined) return response;
      // Another user may have renewed the token while this request was in flight.
      if (current === used && !(await renewOnce(user))) return response;
      const second = await user.request({ ...spec, headers: current.headers });
      hopeless = second.status === 401;
      return second;
    },
  };
}

interface CurrentLogin extends Login {
  readonly headers: Readonly<Record<string, string>>;
}

const withHeaders = (login: Login): CurrentLogin => ({
  ...login,
  headers: { authorization: `Bearer ${login.token}` },
});

function renewalTime(login: Login, user: VirtualUser): number {
  if (login.expiresInMs === null) return Infinity;
  const spread = RENEW_SPREAD * ((user.id * GOLDEN_RATIO) % 1);
  return login.obtainedAtMs + login.expiresInMs * (RENEW_AT + spread);
}
