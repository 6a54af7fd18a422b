/**
 * Detects which dialect a target speaks, with at most four requests (repeats after transient failures apart).
 *
 * Must hold:
 * - Nothing is written to the target.
 * - 429 and 5xx say nothing of the contract: they never lead to `neither`.
 * - `token` of the result is a secret: the caller keeps it out of facts and reports.
 */
import type { LoadResponse, RequestSpec } from '@jarvis-load/engine';
import { decodeFailure } from '../dialects/decode-failure.ts';
import { DIALECTS } from '../dialects/dialect-by-id.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { isRecord } from '../dialects/rules.ts';
import { JarvisError } from '../error.ts';
import { loginOperation } from '../scenarios/log-in.ts';
import type { Credentials } from '../scenarios/options.ts';
import { explainUnreachable, type UnreachableCause } from './explain-unreachable.ts';
import { probeSpec } from './probe-operations.ts';

/** Sends one request of {@link PROBE_OPERATIONS}; a request that fails resolves too, with status 0 where there was no answer. */
export type ProbeRequest = (spec: RequestSpec) => Promise<LoadResponse>;

/**
 * Result of the detection:
 * - `speaks`: a dialect answers as its contract says and accepts the login or token;
 * - `unreachable`: no answer;
 * - `login-refused`: it answers like a dialect, but rejects these credentials;
 * - `unavailable`: no dialect is recognised and no login refused, but a request failed (5xx, or none after a login) or was
 *   limited (429), so that it may be one of them;
 * - `neither`: it answers, but like neither dialect.
 */
export type DetectionVerdict = 'speaks' | 'unreachable' | 'login-refused' | 'unavailable' | 'neither';

/** Result and reasons. */
export interface Detection {
  readonly verdict: DetectionVerdict;
  /** Only with verdict `speaks`. */
  readonly dialect: Dialect | undefined;
  /** Sentences in the order of the requests; parts of them come from the target: untrusted text. */
  readonly reasons: readonly string[];
  /** Only with verdict `unreachable`. */
  readonly cause: UnreachableCause | undefined;
  /** Error code of the transport, such as `CERT_HAS_EXPIRED`; only with verdict `unreachable`. */
  readonly code: string | undefined;
  /** Status and duration of the successful login; undefined with a given token. */
  readonly login: { readonly status: number; readonly durationMs: number } | undefined;
  /** The token in use, for further probing; only with verdict `speaks`. */
  readonly token: string | undefined;
}

/** Attempts per request: a single transient failure must not decide the verdict. */
const ATTEMPTS = 3;

/**
 * Detects the dialect: the login shows it, the list of conversations confirms it. With a given token, one list of conversations
 * decides.
 * @throws JarvisError `invalid_credentials_option` without an account and without a token
 */
export async function detectDialect(request: ProbeRequest, credentials: Credentials): Promise<Detection> {
  const reasons: string[] = [];
  const found = (verdict: DetectionVerdict, more: Partial<Detection> = {}): Detection => ({
    verdict,
    dialect: undefined,
    cause: undefined,
    code: undefined,
    login: undefined,
    token: undefined,
    ...more,
    reasons,
  });
  if ('token' in credentials) return detectWithToken(request, credentials.token, reasons, found);

  const account = credentials.accounts[0];
  if (account === undefined) {
    throw new JarvisError('invalid_credentials_option', 'There is no account to probe with.');
  }
  let refused = false;
  let unavailable = false;
  for (const dialect of DIALECTS) {
    const login = loginOperation(dialect);
    const where = `${login.method} ${login.route}`;
    const { username, password } = account;
    const response = await ask(request, probeSpec(dialect, login, { username, password }, undefined));
    if (response.status === 0) {
      const { cause, text } = explainUnreachable(response);
      reasons.push(`${where}: ${text}.`);
      return found('unreachable', { cause, code: response.error?.code });
    }
    if (isSuccess(response)) {
      const decoded = login.interpret(response);
      if (!decoded.ok) {
        reasons.push(
          `${where} answered ${response.status}, but without a login of dialect ${dialect.id}: ${decoded.reason}.`,
        );
        continue;
      }
      const confirmed = await confirm(request, dialect, decoded.value.token, reasons);
      if (confirmed === 'yes') {
        const { status, timings } = response;
        return found('speaks', {
          dialect,
          login: { status, durationMs: timings.serviceTimeMs },
          token: decoded.value.token,
        });
      }
      if (confirmed === 'unavailable') unavailable = true;
      continue;
    }
    const failure = decodeFailure(response);
    reasons.push(`${where} answered ${response.status}: ${failure.message}.`);
    if (isUnavailable(response)) unavailable = true;
    else if (refusesLogin(response)) refused = true;
  }
  if (refused) return found('login-refused');
  return found(unavailable ? 'unavailable' : 'neither');
}

async function detectWithToken(
  request: ProbeRequest,
  token: string,
  reasons: string[],
  found: (verdict: DetectionVerdict, more?: Partial<Detection>) => Detection,
): Promise<Detection> {
  // Both dialects list conversations at the same route in different formats, so one request tells them apart.
  const [first] = DIALECTS as readonly [Dialect, ...Dialect[]];
  const operation = first.operations['chat.conversations'];
  if (operation === undefined) throw new TypeError('every dialect lists conversations');
  const response = await ask(request, probeSpec(first, operation, undefined, token));
  const where = `${operation.method} ${operation.route}`;
  if (response.status === 0) {
    const { cause, text } = explainUnreachable(response);
    reasons.push(`${where}: ${text}.`);
    return found('unreachable', { cause, code: response.error?.code });
  }
  if (isSuccess(response)) {
    for (const dialect of DIALECTS) {
      const reason = dialect.operations['chat.conversations']?.accepts(response);
      if (reason === undefined) {
        reasons.push(`${where} answered as dialect ${dialect.id} does.`);
        return found('speaks', { dialect, token });
      }
      reasons.push(`${where} is no answer of dialect ${dialect.id}: ${reason}.`);
    }
    return found('neither');
  }
  reasons.push(`${where} answered ${response.status}: ${decodeFailure(response).message}.`);
  if (response.status === 401 || response.status === 403) return found('login-refused');
  return found(isUnavailable(response) ? 'unavailable' : 'neither');
}

async function confirm(
  request: ProbeRequest,
  dialect: Dialect,
  token: string,
  reasons: string[],
): Promise<'yes' | 'no' | 'unavailable'> {
  const operation = dialect.operations['chat.conversations'];
  if (operation === undefined) return 'no';
  const response = await ask(request, probeSpec(dialect, operation, undefined, token));
  const where = `${operation.method} ${operation.route}`;
  if (!isSuccess(response)) {
    const failure = decodeFailure(response);
    reasons.push(
      `Logged in as dialect ${dialect.id}, but ${where} answered ${response.status}: ${failure.message}.`,
    );
    return response.status === 0 || isUnavailable(response) ? 'unavailable' : 'no';
  }
  const reason = operation.accepts(response);
  reasons.push(
    reason === undefined
      ? `Logs in and lists conversations as dialect ${dialect.id} does.`
      : `Logged in as dialect ${dialect.id}, but ${where} answered otherwise: ${reason}.`,
  );
  return reason === undefined ? 'yes' : 'no';
}

/** Repeats a request after 5xx, a connection that broke, or a success that is not JSON; any other answer is returned at once. */
async function ask(request: ProbeRequest, spec: RequestSpec): Promise<LoadResponse> {
  for (let attempt = 1; ; attempt++) {
    const response = await request(spec);
    const passing = response.status >= 500 || (response.status === 0 && mayPass(response));
    const garbled = isSuccess(response) && response.json() === undefined;
    if (attempt === ATTEMPTS || !(passing || garbled)) return response;
  }
}

const mayPass = (response: LoadResponse): boolean => {
  const { cause } = explainUnreachable(response);
  return cause === 'reset' || cause === 'other';
};

const isSuccess = (response: LoadResponse): boolean => response.status >= 200 && response.status < 300;

const isUnavailable = (response: LoadResponse): boolean => response.status === 429 || response.status >= 500;

/** Only 401 and 403 with a JSON object: no login route of the dialects answers 404 to wrong credentials. */
const refusesLogin = (response: LoadResponse): boolean =>
  (response.status === 401 || response.status === 403) && isRecord(response.json());
