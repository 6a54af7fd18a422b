/**
 * The environment variables of a test in k6.
 *
 * Must hold:
 * - What `node/settings.ts` writes is read here. A variable without the prefix `JARVIS_LOAD_` also goes into `OWN` of
 *   `node/clean-environment.ts`: else the user's own value reaches k6.
 * - Errors are thrown in k6's init phase, before any load, and never quote a value that may hold a secret.
 */
import type { ExecutorOptions } from '@jarvis-load/engine';
import type { Account, Credentials } from '@jarvis-load/jarvis';
import type { K6Certificate } from './k6-options.ts';

/** Settings of a test from environment variables, resolved. */
export interface K6Environment {
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly identity: 'shared' | 'per-user';
  /** `undefined`: generated in `setup`. */
  readonly runId: string | undefined;
  readonly seed: number | undefined;
  readonly profile: string | undefined;
  readonly users: number | undefined;
  readonly timeScale: number | undefined;
  readonly executor: ExecutorOptions | undefined;
  readonly settings: Readonly<Record<string, string>>;
  /** File with recordings that replace those of the bundle. */
  readonly recordingsFile: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly hosts: Readonly<Record<string, string>>;
  readonly userAgent: string;
  readonly certificate: K6Certificate | undefined;
  readonly requestTimeoutMs: number;
  readonly cleanUp: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The variables and their meaning. Those without the prefix are from the old suite; a variable with the prefix
 * overrides its counterpart.
 */
export const K6_VARIABLES = {
  JARVIS_LOAD_TARGET: 'URL of the API; overrides API_URL',
  API_URL: 'URL of the API, default http://localhost:8100',
  JARVIS_LOAD_USERNAME: 'account to log in with; overrides JARVIS_USERNAME',
  JARVIS_USERNAME: 'account to log in with, default admin',
  JARVIS_LOAD_PASSWORD: 'its password; overrides JARVIS_PASSWORD',
  JARVIS_PASSWORD: 'its password, default admin123',
  JARVIS_LOAD_TOKEN: 'static bearer token, used instead of logins',
  JARVIS_LOAD_K6_ACCOUNTS: 'JSON list of {username, password}, assigned to the users in turn',
  JARVIS_LOAD_IDENTITY: 'shared (default) or per-user: one token for all, or one each',
  JARVIS_LOAD_PROFILE: 'load profile, default that of the test',
  JARVIS_LOAD_USERS: 'highest number of users; other levels in proportion; overrides USERS',
  USERS: 'highest number of users',
  JARVIS_LOAD_TIME_SCALE: 'factor on the length of the stages; overrides TIME_SCALE',
  TIME_SCALE: 'factor on the length of the stages, default 1',
  JARVIS_LOAD_K6_EXECUTOR: 'JSON of an executor that replaces the profile',
  JARVIS_LOAD_SEED: 'seed of the random choices, default random',
  JARVIS_LOAD_RUN_ID:
    'run id, sent in every title, in texts that are not synthesized, and in a header; default random',
  JARVIS_LOAD_K6_SETTINGS: 'JSON of scenario settings, such as {"language": "en"}',
  JARVIS_LOAD_K6_RECORDINGS: 'absolute path of a JSON list of {"said", "audioBase64"} to transcribe',
  JARVIS_LOAD_K6_HEADERS: 'JSON of further headers',
  JARVIS_LOAD_K6_HOSTS: "JSON for k6's option hosts",
  JARVIS_LOAD_K6_CERTIFICATE: 'JSON {cert, key} of this client, PEM texts',
  JARVIS_LOAD_K6_USER_AGENT: 'the User-Agent header',
  JARVIS_LOAD_K6_REQUEST_TIMEOUT: 'milliseconds for a request, default 60000',
  JARVIS_LOAD_K6_CLEAN_UP: '0: keep the conversations of the run',
} as const;

type VariableName = keyof typeof K6_VARIABLES;

/** Reads the environment of a test. @throws TypeError, with which k6 exits with 107 */
export function readEnvironment(variables: Variables): K6Environment {
  const text = (...names: VariableName[]): string | undefined => {
    for (const name of names) {
      const value = variables[name];
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
  const number = (accepts: (value: number) => boolean, expected: string, ...names: VariableName[]) => {
    const found = text(...names);
    if (found === undefined) return undefined;
    const value = Number(found);
    if (accepts(value)) return value;
    throw new TypeError(`${names.join(' or ')} is ${JSON.stringify(found)}; expected ${expected}.`);
  };
  const record = (name: VariableName): Record<string, string> => {
    const value = json(name, text(name) ?? '{}');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new TypeError(`${name} is not a JSON object.`);
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
  };
  const identity = text('JARVIS_LOAD_IDENTITY') ?? 'shared';
  if (identity !== 'shared' && identity !== 'per-user') {
    throw new TypeError(`JARVIS_LOAD_IDENTITY is ${JSON.stringify(identity)}; expected shared or per-user.`);
  }
  const token = text('JARVIS_LOAD_TOKEN');
  const accounts = text('JARVIS_LOAD_K6_ACCOUNTS');
  const executor = text('JARVIS_LOAD_K6_EXECUTOR');
  const certificate = text('JARVIS_LOAD_K6_CERTIFICATE');
  return {
    baseUrl: baseUrl(text('JARVIS_LOAD_TARGET', 'API_URL') ?? 'http://localhost:8100'),
    credentials:
      token !== undefined
        ? { token }
        : {
            accounts:
              accounts === undefined
                ? [
                    {
                      username: text('JARVIS_LOAD_USERNAME', 'JARVIS_USERNAME') ?? 'admin',
                      password: text('JARVIS_LOAD_PASSWORD', 'JARVIS_PASSWORD') ?? 'admin123',
                    },
                  ]
                : (json('JARVIS_LOAD_K6_ACCOUNTS', accounts) as Account[]),
          },
    identity,
    runId: text('JARVIS_LOAD_RUN_ID'),
    seed: number(Number.isInteger, 'a whole number', 'JARVIS_LOAD_SEED'),
    profile: text('JARVIS_LOAD_PROFILE'),
    users: number(
      (value) => Number.isInteger(value) && value > 0,
      'a whole number above 0',
      'JARVIS_LOAD_USERS',
      'USERS',
    ),
    timeScale: number((value) => value > 0, 'a number above 0', 'JARVIS_LOAD_TIME_SCALE', 'TIME_SCALE'),
    executor:
      executor === undefined ? undefined : (json('JARVIS_LOAD_K6_EXECUTOR', executor) as ExecutorOptions),
    settings: record('JARVIS_LOAD_K6_SETTINGS'),
    recordingsFile: text('JARVIS_LOAD_K6_RECORDINGS'),
    headers: record('JARVIS_LOAD_K6_HEADERS'),
    hosts: record('JARVIS_LOAD_K6_HOSTS'),
    certificate:
      certificate === undefined
        ? undefined
        : (json('JARVIS_LOAD_K6_CERTIFICATE', certificate) as K6Certificate),
    userAgent: text('JARVIS_LOAD_K6_USER_AGENT') ?? 'jarvis-load (k6)',
    requestTimeoutMs:
      number((value) => value > 0, 'milliseconds above 0', 'JARVIS_LOAD_K6_REQUEST_TIMEOUT') ?? 60_000,
    cleanUp: text('JARVIS_LOAD_K6_CLEAN_UP') !== '0',
  };
}

function json(name: VariableName, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The value is left out: it may contain passwords.
    throw new TypeError(`${name} is not valid JSON.`);
  }
}

/** Checked with a regular expression, because k6 has no `URL`. */
function baseUrl(text: string): string {
  if (!/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/.test(text)) {
    throw new TypeError(
      `the URL of the API should be such as http://localhost:8100, without credentials, query or fragment.`,
    );
  }
  return text.replace(/\/+$/, '');
}
