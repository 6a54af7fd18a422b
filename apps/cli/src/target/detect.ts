import {
  explainTlsFailure,
  openClient,
  type Client,
  type Exchange,
  type Operation,
  type ProbedOperation,
  type ProbeRequestOfSuite,
  type Redactor,
  type Suite,
  type SuiteFailure,
  type SuiteFindings,
  type TlsRemedy,
} from '@jarvis-load/engine';
import { CliError } from '../cli-error.ts';
import type { TargetSettings } from '../options/load-settings.ts';
import { quote } from '../output/clean-text.ts';
import { shownText } from '../secrets/shown-text.ts';
import { connectionOptions } from './connection-options.ts';
import type { OpenTarget } from './open-target.ts';

/** Shorter than the timeout of a request under load, because a user is waiting for the probe. */
export const PROBE_REQUEST_MS = 10_000;

/** What a probe may request: without body predicates, which would hide an answer of another format. */
export function probeOperationsOf({ probeOperations, scenarios }: Suite): readonly Operation[] {
  if (probeOperations !== undefined) return probeOperations;
  const byName = new Map<string, Operation>();
  for (const { operations } of scenarios)
    for (const { name, method, route } of operations) byName.set(name, { name, method, route });
  return [...byName.values()];
}

/** Opens a client for probes, which sends one request at a time; the caller closes it on every path. */
export function openProbe(
  suite: Suite,
  target: OpenTarget,
  settings: TargetSettings,
  runId: string,
  onExchange?: (exchange: Exchange) => void,
): Client {
  return openClient({
    baseUrl: target.baseUrl,
    operations: probeOperationsOf(suite),
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

/** Problem and next step of each kind of failure, unless the suite says something else. */
const FAILURES: Readonly<
  Record<SuiteFailure['kind'], { readonly problem: (url: string) => string; readonly next: string }>
> = {
  unreachable: {
    problem: (url) => `cannot reach ${url}`,
    next: 'start the API, correct --target (or API_URL), or try --target=mock',
  },
  'login-refused': {
    problem: (url) => `${url} rejects these credentials`,
    next: 'set JARVIS_USERNAME and JARVIS_PASSWORD (or --accounts, --token) to an account of the target',
  },
  unavailable: {
    problem: (url) => `${url} answers with failures only`,
    next: 'look at the target itself: it does not answer one user properly; try again when it does',
  },
  neither: {
    problem: (url) => `${url} is another API`,
    next: 'check the URL; npx jarvis-load probe shows each operation',
  },
};

/** Next steps for TLS failures, with the flags to use. */
const NEXT_FOR_TLS: Readonly<Record<TlsRemedy, string>> = {
  trust: "pass --ca=<file> with its authority's certificate (PEM), if you mean to trust it",
  renew: 'renew the certificate of the target, or check the clock of this machine',
  clock: 'check the clock of this machine, and when the certificate begins to be valid',
  name: 'give --target (or API_URL) a host name that the certificate is for',
  plain: 'correct --target (or API_URL): http:// instead of https://, or the port that speaks TLS',
  http2: 'pass --http2',
  certificate: 'pass --cert=<file> and --key=<file> of a client that the target knows (PEM)',
};

/** The error for a target that cannot be loaded; its words are cut after their secrets were removed. */
export function failureError(failure: SuiteFailure, baseUrl: string, redactor: Redactor): CliError {
  const { kind, code = '', reasons } = failure;
  const usual = FAILURES[kind];
  const problem = failure.problem === undefined ? usual.problem(baseUrl) : `${baseUrl} ${failure.problem}`;
  const tls = kind === 'unreachable' ? explainTlsFailure(code) : undefined;
  return new CliError({
    exit: kind === 'login-refused' ? 'usage' : 'unreachable',
    code: `target-${kind}`,
    problem: `${problem}:${reasons.map((reason) => `\n    ${quote(shownText(reason, redactor))}`).join('')}`,
    next: tls === undefined ? (failure.next ?? usual.next) : NEXT_FOR_TLS[tls.remedy],
  });
}

/** Refuses a target on which an operation of the scenarios is missing or answers in another format. */
function checkOperations(operations: readonly ProbedOperation[], baseUrl: string, redactor: Redactor): void {
  const broken = operations.filter(({ verdict }) => verdict === 'missing' || verdict === 'wrong');
  if (broken.length === 0) return;
  const lines = broken
    .map(({ method, route, detail }) => `\n    ${method} ${route}: ${quote(shownText(detail, redactor))}`)
    .join('');
  throw new CliError({
    exit: 'unreachable',
    code: 'target-contract',
    problem: `${baseUrl} does not keep its contract:${lines}`,
    next: 'npx jarvis-load probe --probe-writes shows every operation',
  });
}

/**
 * Asks the suite, with one user and before any load, what the target is.
 *
 * @throws CliError exit 3 with URL, cause and next step; exit 2 when the credentials are rejected
 */
export async function findFacts(
  suite: Suite,
  client: Client,
  baseUrl: string,
  request: ProbeRequestOfSuite,
  redactor: Redactor,
): Promise<SuiteFindings<unknown>> {
  if (suite.prepare === undefined) return { facts: undefined };
  const findings = await suite.prepare(client, request);
  if (findings.failure !== undefined) throw failureError(findings.failure, baseUrl, redactor);
  if (findings.operations !== undefined) checkOperations(findings.operations, baseUrl, redactor);
  return findings;
}
