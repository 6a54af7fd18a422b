import { didYouMean } from '../did-you-mean.ts';
import { EngineError } from '../errors.ts';
import type { RunOptions } from '../options.ts';
import { show } from '../show.ts';

/** Every option of a run; a type error here when one is missing. */
export const RUN_OPTION_NAMES: Readonly<Record<keyof RunOptions, true>> = {
  baseUrl: true,
  scenarios: true,
  threads: true,
  thresholds: true,
  objectives: true,
  seed: true,
  runId: true,
  tags: true,
  headers: true,
  userAgent: true,
  address: true,
  allow: true,
  resolve: true,
  tls: true,
  http2: true,
  cookies: true,
  connections: true,
  maxConnections: true,
  pacing: true,
  timeouts: true,
  maxBodyBytes: true,
  warmUp: true,
  maxDroppedShare: true,
  strict: true,
  watchProcesses: true,
  circuitBreaker: true,
  signal: true,
  onEvent: true,
  onExchange: true,
  clock: true,
  transport: true,
  describe: true,
};

/**
 * Refuses what is no option: a misspelt one would silently be its default.
 * @throws EngineError `invalid-option`
 */
export function refuseUnknownOptions(options: RunOptions): void {
  const names = Object.keys(RUN_OPTION_NAMES);
  for (const option of Object.keys(options)) {
    if (names.includes(option)) continue;
    throw new EngineError(
      'invalid-option',
      `there is no option ${show(option)} of a run.${didYouMean(option, names)} Known: ${names.join(', ')}.`,
    );
  }
}
