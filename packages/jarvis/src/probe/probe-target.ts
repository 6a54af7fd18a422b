/**
 * How a target answers each operation of its dialect.
 *
 * Must hold:
 * - Operations that write are requested only with `probeWrites`. Only conversations that this probe created are deleted: all
 *   whose id it could read. A memory that it stored stays.
 * - `PROBE_ORDER` has what creates a conversation before what reads it, and the deletion last.
 * - The report holds `token`, a secret, as that of `detectDialect` does.
 */
import type { ProbedOperation as ProbedInSuite } from '@jarvis-load/engine';
import { encodeBase64 } from '../data/base64.ts';
import { encodeWav } from '../data/wav.ts';
import { decodeFailure } from '../dialects/decode-failure.ts';
import { DIALECTS } from '../dialects/dialect-by-id.ts';
import type { Dialect, JarvisOperation, OperationTypes } from '../dialects/dialect.ts';
import { OPERATION_NAMES, type OperationName } from '../dialects/operation-name.ts';
import type { Credentials } from '../scenarios/options.ts';
import { detectDialect, type Detection, type ProbeRequest } from './detect-dialect.ts';
import { explainUnreachable } from './explain-unreachable.ts';
import { probeSpec } from './probe-operations.ts';

/** One operation of Jarvis that was probed. */
export interface ProbedOperation extends ProbedInSuite {
  readonly name: OperationName;
}

/** How an operation answered. */
export type ProbeVerdict = ProbedOperation['verdict'];

/** The detected dialect and how each of its operations answered. */
export interface ProbeReport extends Detection {
  readonly reachable: boolean;
  /** Version from `/health`. */
  readonly version: string | undefined;
  /** Operations of the dialect; of both, without duplicate routes, when no dialect was detected. */
  readonly operations: readonly ProbedOperation[];
}

/** Options of {@link probeTarget}. */
export interface ProbeOptions {
  readonly credentials: Credentials;
  /** Part of the texts and titles that a writing probe creates. */
  readonly runId: string;
  /** Also request operations that create or change data. @default false */
  readonly probeWrites?: boolean;
}

/**
 * Requests every operation of the detected dialect once, but for the login that the detection made and those that
 * `reasonToSkip` names; without a detected dialect, those of both, to show how the target differs.
 * @throws JarvisError `invalid_credentials_option` without an account and without a token
 */
export async function probeTarget(request: ProbeRequest, options: ProbeOptions): Promise<ProbeReport> {
  const detection = await detectDialect(request, options.credentials);
  if (detection.verdict === 'unreachable') {
    return { ...detection, reachable: false, version: undefined, operations: [] };
  }
  const dialects = detection.dialect === undefined ? DIALECTS : [detection.dialect];
  const operations: ProbedOperation[] = [];
  let version: string | undefined;
  for (const dialect of dialects) {
    const probed = await probeDialect(request, dialect, detection, options);
    version ??= probed.version;
    for (const operation of probed.operations) {
      const known = operations.some(
        ({ method, route }) => method === operation.method && route === operation.route,
      );
      if (!known) operations.push(operation);
    }
  }
  return { ...detection, reachable: true, version, operations };
}

type Inputs = { readonly [Name in OperationName]: OperationTypes[Name]['input'] };

/** Results of earlier operations that later ones need. */
interface Findings {
  version?: string;
  /** A conversation to read. */
  readable?: string;
  /** Conversations created by this probe, to be read and deleted. */
  readonly own: string[];
}

async function probeDialect(
  request: ProbeRequest,
  dialect: Dialect,
  detection: Detection,
  options: ProbeOptions,
): Promise<{ readonly version: string | undefined; readonly operations: readonly ProbedOperation[] }> {
  const findings: Findings = { own: [] };
  const operations: ProbedOperation[] = [];
  for (const name of PROBE_ORDER) {
    const operation = dialect.operations[name] as JarvisOperation | undefined;
    if (operation === undefined) continue;
    const why = reasonToSkip(operation, detection, options, findings);
    // Detection has already logged in: a second login would count against a limit and may end the first session.
    if (name === 'auth.login' && detection.login !== undefined) {
      const { status, durationMs } = detection.login;
      operations.push(toResult(operation, status, 'ok', 'as promised', durationMs));
      continue;
    }
    operations.push(
      why === undefined
        ? await probeOperation(request, dialect, operation, detection.token, options, findings)
        : toResult(operation, 0, 'skipped', why, undefined),
    );
  }
  return { version: findings.version, operations };
}

/** A conversation is created before it is read, and deleted last. */
const PROBE_ORDER: readonly OperationName[] = [
  ...OPERATION_NAMES.filter((name) => name !== 'chat.history' && name !== 'chat.delete'),
  'chat.history',
  'chat.delete',
];

function reasonToSkip(
  operation: JarvisOperation,
  detection: Detection,
  options: ProbeOptions,
  findings: Findings,
): string | undefined {
  if (operation.name === 'auth.login' && 'token' in options.credentials) return 'a token was given';
  if (operation.writes && options.probeWrites !== true)
    return 'it would write; ask for it with --probe-writes';
  if (operation.protected && detection.token === undefined) return 'it needs a login';
  if (operation.name === 'chat.delete' && findings.own.length === 0)
    return 'there is nothing of its own to delete';
  if (operation.name === 'chat.history' && (findings.own.at(-1) ?? findings.readable) === undefined) {
    return 'there is no conversation to read';
  }
  return undefined;
}

async function probeOperation(
  request: ProbeRequest,
  dialect: Dialect,
  operation: JarvisOperation,
  token: string | undefined,
  options: ProbeOptions,
  findings: Findings,
): Promise<ProbedOperation> {
  const own = findings.own.at(-1) ?? '';
  const conversation = own || (findings.readable ?? '');
  const account = 'accounts' in options.credentials ? options.credentials.accounts[0] : undefined;
  const title = `[${options.runId}] probe`;
  const inputs: Inputs = {
    'auth.login': { username: account?.username ?? '', password: account?.password ?? '' },
    'auth.verify': undefined,
    'auth.whoami': undefined,
    health: undefined,
    ready: undefined,
    metrics: undefined,
    'chat.send': { content: title },
    'chat.conversations': undefined,
    'chat.history': { id: conversation },
    'chat.create': { title },
    'chat.delete': { id: own },
    'memory.store': { conversationId: `probe-${options.runId}`, userMessage: title, botResponse: title },
    'memory.search': { query: 'test', limit: 1 },
    'memory.list': undefined,
    'voice.synthesize': { text: 'Bonjour.', language: 'fr' },
    'voice.transcribe': { audioBase64: silenceBase64() },
    'voice.voices': undefined,
    'voice.languages': undefined,
  };
  const response = await request(probeSpec(dialect, operation, inputs[operation.name], token));
  if (operation.name === 'chat.delete')
    for (const id of findings.own.slice(0, -1)) await request(probeSpec(dialect, operation, { id }, token));
  const result = (verdict: ProbeVerdict, detail: string): ProbedOperation =>
    toResult(operation, response.status, verdict, detail, response.timings.serviceTimeMs);

  if (response.status === 0) return result('failed', explainUnreachable(response).text);
  if (response.status >= 200 && response.status < 300) {
    const decoded = operation.interpret(response);
    if (!decoded.ok) return result('wrong', decoded.reason);
    remember(operation.name, decoded.value, findings);
    return result('ok', 'as promised');
  }
  const { message } = decodeFailure(response);
  if (response.status === 404 || response.status === 405) return result('missing', message);
  if (response.status === 429) return result('limited', message);
  if (response.status === 401 || response.status === 403) return result('refused', message);
  return result(response.status >= 500 ? 'failed' : 'wrong', message);
}

/**
 * One second of silence at 16 kHz: the probe checks the format of the answer, and an empty transcription has the right
 * format.
 */
const silenceBase64 = (): string => encodeBase64(encodeWav(new Int16Array(16_000), 16_000));

function remember(name: OperationName, value: unknown, findings: Findings): void {
  if (name === 'health') findings.version = (value as OperationTypes['health']['result']).version;
  if (name === 'chat.conversations') {
    const first = (value as OperationTypes['chat.conversations']['result'])[0];
    if (first !== undefined) findings.readable = first.id;
  }
  if (name === 'chat.send')
    findings.own.push((value as OperationTypes['chat.send']['result']).conversationId);
  if (name === 'chat.create') findings.own.push((value as OperationTypes['chat.create']['result']).id);
}

function toResult(
  operation: JarvisOperation,
  status: number,
  verdict: ProbeVerdict,
  detail: string,
  durationMs: number | undefined,
): ProbedOperation {
  const { name, method, route } = operation;
  return { name, method, route, status, verdict, detail, durationMs };
}
