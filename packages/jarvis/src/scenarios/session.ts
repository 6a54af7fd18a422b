import type { LoadResponse, RequestSpec, VirtualUser } from '@jarvis-load/engine';
import { JarvisError } from '../error.ts';
import type { JarvisOperation } from '../dialects/dialect.ts';
import { logIn, readLogin, requestLogin, type Login } from './log-in.ts';
import type { Account, JarvisScenarioOptions } from './options.ts';

/** What `setup` hands to the users: one login for all, or nothing when each logs in. Plain JSON. */
export interface LoginShared {
  readonly login: Login | null;
}

/** How a user speaks to the target: with a token that is renewed in time. */
export interface Session {
  /** Sends the request, with the token where the operation needs one. */
  send(
    user: VirtualUser,
    operation: Pick<JarvisOperation, 'protected'>,
    spec: RequestSpec,
  ): Promise<LoadResponse>;
}

/** Logs in and opens sessions, as the options of a scenario say. */
export interface Sessions {
  /** One login where all users share it; else nothing. Throws when nobody gets in. */
  setup(user: VirtualUser): Promise<LoginShared>;
  /** The session of one user. Throws when it does not get in. */
  start(user: VirtualUser, shared: LoginShared): Promise<Session>;
  /** What {@link Sessions.start} asks for, by operation name: a login where each user has one of its own. */
  readonly startRequests: Readonly<Record<string, number>>;
  /** The account that a user logs in with; `undefined` with a static token: there is nothing to log in with. */
  readonly accountOf: ((user: VirtualUser) => Account) | undefined;
  /** Opens a session for each account whose traces the end of a run removes, one after another. */
  cleaners(user: VirtualUser, shared: LoginShared): readonly (() => Promise<Session>)[];
  /** A session on a login that was made already. */
  withLogin(login: Login, account: Account): Session;
}

/** Each costs a login, and logins are slow where they are limited. */
const MOST_CLEANED_ACCOUNTS = 20;

/** The end of a run does not wait for a limiter. */
const NO_PATIENCE = { attempts: 1, waitSeconds: 0 };

/** A token is renewed when so much of its life is over. */
const RENEW_AT = 0.8;
/** Spread over so much more of it, so that users of one login do not all renew in the same second. */
const RENEW_SPREAD = 0.1;
const GOLDEN_RATIO = 0.618_033_988_749_895;
/** After a renewal that failed, wait so long before the next one. */
const RETRY_RENEWAL_MS = 5000;

/**
 * @throws JarvisError `invalid_credentials_option` without an account and without a token
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
  // One session for all users of this thread (in k6: of this user), so that a renewal serves them all.
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

/** A session whose token is renewed at 80 to 90 % of its life, and once after a 401. */
function createSession(
  login: Login,
  renew: ((user: VirtualUser) => Promise<Login | undefined>) | undefined,
  now: () => number,
): Session {
  let current = withHeaders(login);
  let renewing: Promise<boolean> | undefined;
  let notBeforeMs = 0;
  /** A fresh token was refused too: another login would not help. */
  let hopeless = false;

  const renewNow = async (user: VirtualUser): Promise<boolean> => {
    if (renew === undefined || now() < notBeforeMs) return false;
    // Until it succeeds: a renewal that an interrupted user takes with it must not be tried again at once either.
    notBeforeMs = now() + RETRY_RENEWAL_MS;
    const fresh = await renew(user);
    if (fresh === undefined) return false;
    current = withHeaders(fresh);
    notBeforeMs = 0;
    return true;
  };
  /** At most one renewal at a time; whoever comes meanwhile may wait for it. */
  const renewOnce = (user: VirtualUser): Promise<boolean> => {
    if (renewing !== undefined) return renewing.catch(() => false);
    const mine = renewNow(user).finally(() => (renewing = undefined));
    renewing = mine;
    return mine;
  };

  return {
    async send(user, operation, spec) {
      if (!operation.protected) return user.request(spec);
      if (renewing === undefined && now() >= renewalTime(current, user)) await renewOnce(user);
      const used = current;
      const response = await user.request({ ...spec, headers: used.headers });
      if (response.status !== 401) {
        hopeless = false;
        return response;
      }
      if (hopeless || renew === undefined) return response;
      // Somebody else may have renewed it while this answer was on its way.
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
