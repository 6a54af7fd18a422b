import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { systemClock, type Clock } from '../clock/clock.ts';
import { EngineError } from '../errors.ts';
import type { CircuitBreakerOptions, RunOptions } from '../options.ts';
import { show } from '../show.ts';
import { parseBaseUrl, type TargetAddress } from './target-address.ts';

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
  readonly connectTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly maxConnections: number;
  readonly pacing: 'efficient' | 'precise';
  readonly warmUp: boolean;
  readonly circuitBreaker: CircuitBreakerOptions | undefined;
}

/** @throws EngineError `invalid-option` naming the option, its value and what was expected */
export function resolveRun(options: RunOptions): ResolvedRun {
  const seed = options.seed ?? randomInt(2 ** 31);
  if (!Number.isSafeInteger(seed)) throw invalid('seed', seed, 'a whole number');
  const runId = options.runId ?? newRunId(Date.now());
  return {
    options,
    clock: systemClock(),
    target: parseBaseUrl(options.baseUrl),
    runId,
    seed,
    headers: {
      'user-agent': options.userAgent ?? `jarvis-load/${ENGINE_VERSION}`,
      'x-load-run-id': runId,
      ...lowerCased(options.headers ?? {}),
    },
    connectTimeoutMs: positive('timeouts.connectMs', options.timeouts?.connectMs ?? 10_000),
    requestTimeoutMs: positive('timeouts.requestMs', options.timeouts?.requestMs ?? 60_000),
    maxBodyBytes: positive('maxBodyBytes', options.maxBodyBytes ?? 64 * 1024 * 1024),
    maxConnections: positive('maxConnections', options.maxConnections ?? Number.POSITIVE_INFINITY),
    pacing: choice('pacing', options.pacing ?? 'efficient', ['efficient', 'precise']),
    warmUp: options.warmUp ?? true,
    circuitBreaker: options.circuitBreaker === false ? undefined : (options.circuitBreaker ?? {}),
  };
}

/** Sorts by time and reads well: `20261122-171500-ab12`, in UTC. */
function newRunId(wallMs: number): string {
  const [date, time] = new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
  return `${date}-${time}-${randomBytes(2).toString('hex')}`;
}

function positive(option: string, value: number): number {
  if (typeof value === 'number' && value > 0) return value;
  throw invalid(option, value, 'a number above 0');
}

function choice<T extends string>(option: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value;
  throw invalid(option, value, `one of ${values.join(', ')}`);
}

function invalid(option: string, value: unknown, expected: string): EngineError {
  return new EngineError('invalid-option', `${option} is ${show(value)}; expected ${expected}.`);
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
