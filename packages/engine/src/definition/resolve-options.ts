import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock } from '../clock/clock.ts';
import type { Clock } from '../model/clock.ts';
import { EngineError } from '../errors.ts';
import type { Ceilings } from '../guard/ceilings.ts';
import { admitTarget, type Admission } from '../guard/guard.ts';
import type { CircuitBreakerOptions, RunOptions } from '../model/run-options.ts';
import { DEFAULT_MAX_DROPPED_SHARE } from './max-dropped-share.ts';
import { RequestProblem } from '../transport/head.ts';
import { MAX_HEAD_BYTES } from '../transport/http1/answer-bytes.ts';
import { checkHeaders } from '../user/run-headers.ts';
import { TRACE_PARENT } from '../transport/trace-context.ts';
import type { TransportSettings } from '../model/transport-settings.ts';
import { checkedTls } from './checked-tls.ts';
import { parseBaseUrl, type TargetAddress } from './target-address.ts';

/** The package's own version. */
export const ENGINE_VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/**
 * Run options with every default filled in, once for a run: `runId` and `seed` are drawn where none is given, so that threads get
 * these values.
 */
export interface ResolvedRun {
  readonly options: RunOptions;
  readonly clock: Clock;
  readonly target: TargetAddress;
  readonly runId: string;
  readonly seed: number;
  /** Names in lower case; values may be secrets, which `ThreadSecrets` removes from texts of the result. */
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: TransportSettings;
  /** How much load the entry of `allow` permits; `undefined`: none names the target, which is loopback, or `transport` is given. */
  readonly ceilings: Ceilings | undefined;
  readonly threads: number;
  readonly cookies: boolean;
  readonly traceShare: number;
  readonly requestTimeoutMs: number;
  readonly setupTimeoutMs: number;
  readonly outputTimeoutMs: number;
  readonly maxConnections: number;
  readonly pacing: 'efficient' | 'precise';
  readonly warmUp: boolean;
  readonly circuitBreaker: CircuitBreakerOptions | undefined;
  readonly maxDroppedShare: number;
}

/**
 * Fills in defaults of options that `checkRunOptions` has passed.
 * @throws EngineError `invalid-option` for what options are to each other, to headers and to a URL; `target-not-allowed`
 */
export function resolveRun(options: RunOptions): ResolvedRun {
  const seed = options.seed ?? randomInt(2 ** 31);
  const target = parseBaseUrl(options.baseUrl);
  const admission = admit(options, target.origin);
  const runId = options.runId ?? newRunId(Date.now());
  return {
    options,
    clock: options.clock ?? systemClock(),
    target,
    runId,
    seed,
    headers: resolveHeaders(options, runId),
    transport: resolveTransport(options, target.origin, admission),
    ceilings: admission.ceilings,
    threads: resolveThreads(options),
    cookies: options.cookies ?? false,
    traceShare: options.trace ?? 0,
    requestTimeoutMs: options.timeouts?.requestMs ?? 60_000,
    setupTimeoutMs: options.timeouts?.setupMs ?? 60_000,
    outputTimeoutMs: options.timeouts?.outputMs ?? 10_000,
    maxConnections: options.maxConnections ?? Number.POSITIVE_INFINITY,
    pacing: options.pacing ?? 'efficient',
    // The warm-up needs real sockets and real time.
    warmUp: options.transport === undefined && options.clock === undefined && (options.warmUp ?? true),
    circuitBreaker: options.circuitBreaker === false ? undefined : (options.circuitBreaker ?? {}),
    maxDroppedShare: options.maxDroppedShare ?? DEFAULT_MAX_DROPPED_SHARE,
  };
}

function resolveHeaders(
  { userAgent, headers = {}, trace = 0 }: RunOptions,
  runId: string,
): Record<string, string> {
  const resolved = {
    'user-agent': userAgent ?? `jarvis-load/${ENGINE_VERSION}`,
    'x-load-run-id': runId,
    ...lowerCased(headers),
  };
  if (trace > 0 && TRACE_PARENT in resolved) {
    throw new EngineError(
      'invalid-option',
      `trace is ${trace}, but headers sets ${TRACE_PARENT} for every request; expected one of them.`,
    );
  }
  try {
    checkHeaders(resolved);
  } catch (error) {
    if (error instanceof RequestProblem)
      throw new EngineError('invalid-option', `headers: the run ${error.message}.`);
    throw error;
  }
  return resolved;
}

/** A transport of the caller has no address to check. */
function admit({ address, allow, transport }: RunOptions, origin: string): Admission {
  if (transport !== undefined) return { loopbackOnly: false, ceilings: undefined };
  return admitTarget(origin, address === undefined ? [] : [address].flat(), allow);
}

function resolveTransport(
  options: RunOptions,
  origin: string,
  { loopbackOnly }: Admission,
): TransportSettings {
  const { address, timeouts, tls } = options;
  return {
    origin,
    addresses: address === undefined ? [] : [address].flat(),
    loopbackOnly,
    connectTimeoutMs: timeouts?.connectMs ?? 10_000,
    headersTimeoutMs: timeouts?.headersMs ?? 0,
    bodyTimeoutMs: timeouts?.bodyMs ?? 0,
    maxBodyBytes: options.maxBodyBytes ?? 64 * 1024 * 1024,
    maxHeaderBytes: options.maxHeaderBytes ?? MAX_HEAD_BYTES,
    tls: { rejectUnauthorized: true, ...checkedTls(tls, 'tls') },
    http2: options.http2 ?? false,
  };
}

function resolveThreads(options: RunOptions): number {
  const { threads = 1, scenarios, onExchange, clock, transport, resolve, maxConnections } = options;
  if (threads > 1 && Array.isArray(scenarios)) {
    throw new EngineError(
      'invalid-option',
      `threads is ${threads}, but scenarios are given inline, and functions cannot be sent to a thread; ` +
        'expected a module: scenarios: { module: new URL("./scenarios.js", import.meta.url).href, export: "scenarios" }.',
    );
  }
  if (threads > 1 && onExchange !== undefined) {
    throw new EngineError('invalid-option', `threads is ${threads}; onExchange works with one thread only.`);
  }
  if (threads > 1 && resolve !== undefined) {
    throw new EngineError('invalid-option', `threads is ${threads}; resolve works with one thread only.`);
  }
  if (threads > 1 && (clock !== undefined || transport !== undefined)) {
    throw new EngineError(
      'invalid-option',
      `threads is ${threads}; a clock or a transport of the caller works with one thread only.`,
    );
  }
  if (maxConnections !== undefined && maxConnections < threads) {
    throw new EngineError(
      'invalid-option',
      `maxConnections is ${maxConnections}, but there are ${threads} threads, which share no connection; expected at least one for each: raise maxConnections or lower threads.`,
    );
  }
  return threads;
}

/** Sorts by time and reads well: `20261122-171500-ab12`, in UTC. */
function newRunId(wallMs: number): string {
  const [date, time] = new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${date}-${time}-${randomBytes(2).toString('hex')}`;
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  // Plain JavaScript may pass undefined values: omit these headers.
  const given = Object.entries<string | undefined>(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value as string]));
}
