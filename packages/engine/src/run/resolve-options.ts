import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock, type Clock } from '../clock/clock.ts';
import { EngineError } from '../errors.ts';
import type { WatchedProcess } from '../machine/machine-watch.ts';
import type { Ceilings } from '../guard/ceilings.ts';
import { admitTarget, type Admission } from '../guard/guard.ts';
import type { CircuitBreakerOptions, RunOptions, TimeoutOptions } from '../options.ts';
import { show } from '../show.ts';
import { DEFAULT_MAX_DROPPED_SHARE } from '../result/verdict.ts';
import { RequestProblem } from '../transport/head.ts';
import { checkHeaders } from '../user/run-headers.ts';
import type { TransportSettings } from './transport-settings.ts';
import { parseBaseUrl, type TargetAddress } from './target-address.ts';

/** What a timer can hold: beyond it, it fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The package's own version. */
export const ENGINE_VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

/** Run options with every default filled in. */
export interface ResolvedRun {
  readonly options: RunOptions;
  readonly clock: Clock;
  readonly target: TargetAddress;
  readonly runId: string;
  readonly seed: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: TransportSettings;
  /** How much load the entry of `allow` permits; nothing on loopback. */
  readonly ceilings: Ceilings | undefined;
  readonly threads: number;
  readonly cookies: boolean;
  readonly requestTimeoutMs: number;
  readonly maxConnections: number;
  readonly pacing: 'efficient' | 'precise';
  readonly warmUp: boolean;
  readonly circuitBreaker: CircuitBreakerOptions | undefined;
  readonly maxDroppedShare: number;
}

/** @throws EngineError `invalid-option` naming the option, its value and what was expected */
export function resolveRun(options: RunOptions): ResolvedRun {
  checkScenarios(options.scenarios);
  if (options.connections !== undefined) {
    choice('connections', options.connections, ['per-user', 'shared']);
  }
  for (const watched of options.watchProcesses ?? []) checkWatched(watched);
  const seed = options.seed ?? randomInt(2 ** 31);
  if (!Number.isSafeInteger(seed)) throw invalid('seed', seed, 'a whole number');
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
    requestTimeoutMs: timeout('requestMs', options.timeouts?.requestMs ?? 60_000),
    maxConnections: positive('maxConnections', options.maxConnections ?? Number.POSITIVE_INFINITY),
    pacing: choice('pacing', options.pacing ?? 'efficient', ['efficient', 'precise']),
    // It is sockets that are warmed up, in real time.
    warmUp: options.transport === undefined && options.clock === undefined && (options.warmUp ?? true),
    circuitBreaker: resolveCircuitBreaker(options.circuitBreaker),
    maxDroppedShare: share('maxDroppedShare', options.maxDroppedShare) ?? DEFAULT_MAX_DROPPED_SHARE,
  };
}

function resolveHeaders({ userAgent, headers = {} }: RunOptions, runId: string): Record<string, string> {
  const resolved = {
    'user-agent': userAgent ?? `jarvis-load/${ENGINE_VERSION}`,
    'x-load-run-id': runId,
    ...lowerCased(headers),
  };
  try {
    checkHeaders(resolved);
  } catch (error) {
    if (error instanceof RequestProblem)
      throw new EngineError('invalid-option', `headers: the run ${error.message}.`);
    throw error;
  }
  return resolved;
}

/** A transport of the caller connects to nothing that could be checked. */
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
    connectTimeoutMs: timeout('connectMs', timeouts?.connectMs ?? 10_000),
    headersTimeoutMs: timeouts?.headersMs === undefined ? 0 : timeout('headersMs', timeouts.headersMs),
    bodyTimeoutMs: timeouts?.bodyMs === undefined ? 0 : timeout('bodyMs', timeouts.bodyMs),
    maxBodyBytes: positive('maxBodyBytes', options.maxBodyBytes ?? 64 * 1024 * 1024),
    ca: tls?.ca,
    rejectUnauthorized: tls?.rejectUnauthorized ?? true,
    http2: options.http2 ?? false,
  };
}

function resolveThreads({ threads = 1, scenarios, onExchange, clock, transport, resolve }: RunOptions): number {
  if (!Number.isInteger(threads) || threads < 1)
    throw invalid('threads', threads, 'a whole number from 1 on');
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
  return threads;
}

/** Sorts by time and reads well: `20261122-171500-ab12`, in UTC. */
function newRunId(wallMs: number): string {
  const [date, time] = new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${date}-${time}-${randomBytes(2).toString('hex')}`;
}

function checkScenarios(scenarios: unknown): void {
  const fits = typeof scenarios === 'object' && scenarios !== null;
  if (fits && (Array.isArray(scenarios) || 'module' in scenarios)) return;
  throw invalid(
    'scenarios',
    scenarios,
    'a list of scenarios, or { module: ... }, the module that exports them',
  );
}

function checkWatched(watched: WatchedProcess): void {
  if (typeof watched.name === 'string' && Number.isSafeInteger(watched.pid) && watched.pid > 0) return;
  throw invalid('watchProcesses', watched, '{ name, pid }, pid being that of a process of this machine');
}

function resolveCircuitBreaker(options: RunOptions['circuitBreaker'] = {}): ResolvedRun['circuitBreaker'] {
  if (options === false) return undefined;
  const { failureShare, forMs, minRequests } = options;
  share('circuitBreaker.failureShare', failureShare);
  if (forMs !== undefined) positive('circuitBreaker.forMs', forMs);
  if (minRequests !== undefined) positive('circuitBreaker.minRequests', minRequests);
  return options;
}

function timeout(option: keyof TimeoutOptions, value: number): number {
  if (typeof value === 'number' && value > 0 && value <= MAX_TIMER_MS) return value;
  throw invalid(`timeouts.${option}`, value, `milliseconds above 0, at most ${MAX_TIMER_MS}`);
}

function positive(option: string, value: number): number {
  if (typeof value === 'number' && value > 0) return value;
  throw invalid(option, value, 'a number above 0');
}

function share(option: string, value: number | undefined): number | undefined {
  if (value === undefined || (value >= 0 && value <= 1)) return value;
  throw invalid(option, value, 'a share from 0 to 1');
}

function choice<T extends string>(option: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value;
  throw invalid(option, value, `one of ${values.join(', ')}`);
}

function invalid(option: string, value: unknown, expected: string): EngineError {
  return new EngineError('invalid-option', `${option} is ${show(value)}; expected ${expected}.`);
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  // A value that is undefined, as plain JavaScript may have it, is none.
  const given = Object.entries<string | undefined>(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name.toLowerCase(), value as string]));
}
