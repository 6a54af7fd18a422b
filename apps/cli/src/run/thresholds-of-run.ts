import { checkThresholds, EngineError, type Thresholds } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import type { FlagText, SourceName } from '../options/flag.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { asDefinition } from '../suites/suites.ts';
import type { ChosenTests } from './chosen-tests.ts';
import type { LoadShape } from './load-shape.ts';

/**
 * `--once` checks that everything works. Counts, because a single iteration is too few samples for a rate. That of checks
 * applies where the scenarios make some.
 */
const ONCE_THRESHOLDS: Thresholds = {
  http_req_failed: ['passes==0'],
  checks: [{ threshold: 'fails==0', optional: true }],
};

/** The thresholds over the whole run, besides those of the scenarios. */
export function thresholdsOfRun(settings: LoadSettings, shape: LoadShape): Thresholds {
  return { ...(shape.kind === 'once' ? ONCE_THRESHOLDS : {}), ...settings.threshold };
}

/**
 * Refuses thresholds that fit no target, before anything is started or contacted. What the target offers is not known
 * yet; thresholds that only another target supports are refused once it is.
 * @param source source of the thresholds, for the error
 * @throws CliError exit 2
 */
export function refuseUnfitThresholds(
  thresholds: Thresholds,
  { scenarios }: Pick<ChosenTests, 'scenarios'>,
  source: SourceName = '--threshold' satisfies FlagText<LoadSettings>,
): void {
  const known = scenarios.map((scenario) => ({
    ...asDefinition(scenario),
    executor: { kind: 'constant-vus' as const, duration: 1 },
  }));
  try {
    checkThresholds(known, thresholds);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'invalid-threshold')
      throw usageError('threshold', `${source}: ${error.message}`);
    throw error;
  }
}
