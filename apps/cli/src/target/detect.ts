import {
  explainTlsFailure,
  openClient,
  type Client,
  type Exchange,
  type TlsRemedy,
} from '@jarvis-load/engine';
import {
  detectDialect,
  probeTarget,
  PROBE_OPERATIONS,
  type Credentials,
  type Detection,
  type Dialect,
  type ProbeReport,
} from '@jarvis-load/jarvis';
import { CliError } from '../cli-error.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { quote } from '../output/clean-text.ts';
import { connectionOptions } from './connection-options.ts';
import type { OpenTarget } from './open-target.ts';

/** Shorter than the timeout of a request under load, because a user is waiting for the probe. */
const PROBE_REQUEST_MS = 10_000;

/** Opens a client for probes, which sends one request at a time. */
export function openProbe(
  target: OpenTarget,
  settings: TargetSettings,
  runId: string,
  onExchange?: (exchange: Exchange) => void,
): Client {
  return openClient({
    baseUrl: target.baseUrl,
    operations: PROBE_OPERATIONS,
    phase: 'probe',
    runId,
    timeouts: {
      requestMs: settings.requestTimeout ?? PROBE_REQUEST_MS,
      ...(settings.connectTimeout === undefined ? {} : { connectMs: settings.connectTimeout }),
    },
    ...connectionOptions(target, settings),
    ...(onExchange === undefined ? {} : { onExchange }),
  });
}

const NEXT: Readonly<Record<Exclude<Detection['verdict'], 'speaks'>, string>> = {
  unreachable: 'start the API, correct --target (or API_URL), or try --target=mock',
  'login-refused':
    'set JARVIS_USERNAME and JARVIS_PASSWORD (or --accounts, --token) to an account of the target',
  unavailable: 'look at the target itself: it does not answer one user properly; try again when it does',
  neither: 'check that the URL is that of the Jarvis API; npx jarvis-load probe shows each operation',
};

/** Next steps for TLS failures, with the flags to use. */
const NEXT_FOR_TLS: Readonly<Record<TlsRemedy, string>> = {
  trust: "pass --ca=<file> with its authority's certificate (PEM), if you mean to trust it",
  renew: 'renew the certificate of the target, or check the clock of this machine',
  clock: 'check the clock of this machine, and when the certificate begins to be valid',
  name: 'give --target (or API_URL) a host name that the certificate is for',
  plain: 'correct --target (or API_URL): http:// instead of https://, or the port that speaks TLS',
  http2: 'pass --http2',
};

function nextStep({ verdict, code = '' }: Detection): string | undefined {
  if (verdict === 'speaks') return undefined;
  const tls = verdict === 'unreachable' ? explainTlsFailure(code) : undefined;
  return tls === undefined ? NEXT[verdict] : NEXT_FOR_TLS[tls.remedy];
}

function problemOf(detection: Detection, baseUrl: string): string {
  switch (detection.verdict) {
    case 'unreachable':
      return `cannot reach ${baseUrl}`;
    case 'login-refused':
      return `${baseUrl} looks like Jarvis, but lets this user not in`;
    case 'unavailable':
      return `${baseUrl} answers with failures only`;
    default:
      return `${baseUrl} is not Jarvis: it answers, but neither as the documented contract says nor as the core does`;
  }
}

/** The error for a detection; undefined when it found a dialect. */
export function detectionError(detection: Detection, baseUrl: string): CliError | undefined {
  if (detection.verdict === 'speaks') return undefined;
  const next = nextStep(detection);
  const reasons = detection.reasons.map((reason) => `\n    ${quote(reason)}`).join('');
  return new CliError({
    exit: detection.verdict === 'login-refused' ? 'usage' : 'unreachable',
    code: `target-${detection.verdict}`,
    problem: `${problemOf(detection, baseUrl)}:${reasons}`,
    ...(next === undefined ? {} : { next }),
  });
}

/** Refuses a target on which an operation of the scenarios is missing or answers in another format. */
function checkOperations(report: ProbeReport, baseUrl: string): void {
  const broken = report.operations.filter(({ verdict }) => verdict === 'missing' || verdict === 'wrong');
  if (broken.length === 0) return;
  const lines = broken
    .map(({ method, route, detail }) => `\n    ${method} ${route}: ${quote(detail)}`)
    .join('');
  throw new CliError({
    exit: 'unreachable',
    code: 'target-contract',
    problem: `${baseUrl} does not keep its contract:${lines}`,
    next: 'npx jarvis-load probe --probe-writes shows every operation',
  });
}

/**
 * Detects, with one user and before any load, which dialect the target speaks.
 *
 * @throws CliError exit 3 with URL, cause and next step; exit 2 when the credentials are rejected
 */
export async function findDialect(
  client: Client,
  baseUrl: string,
  credentials: Credentials,
  options: { readonly runId: string; readonly probeWrites: boolean },
): Promise<Dialect> {
  const ask = client.request.bind(client);
  const report = options.probeWrites
    ? await probeTarget(ask, { credentials, runId: options.runId, probeWrites: true })
    : undefined;
  const detection = report ?? (await detectDialect(ask, credentials));
  const error = detectionError(detection, baseUrl);
  if (error !== undefined) throw error;
  if (report !== undefined) checkOperations(report, baseUrl);
  if (detection.dialect === undefined) throw new TypeError('a target that speaks has a dialect');
  return detection.dialect;
}
