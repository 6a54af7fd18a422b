import { checkThresholds, EngineError, type Thresholds } from '@jarvis-load/engine';
import { DIALECTS } from '@jarvis-load/jarvis';
import { usageError } from '../cli-error.ts';
import type { SourceName } from '../options/flag.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { ChosenTests } from './choose-tests.ts';
import type { LoadShape } from './load-shape.ts';
import { planScenarios } from './scenarios.ts';

/** `--once` checks that everything works. Counts, because a single iteration is too few samples for a rate. */
const ONCE_THRESHOLDS = { http_req_failed: ['passes==0'], checks: ['fails==0'] };

/** The thresholds over the whole run, besides those of the scenarios. */
export function thresholdsOfRun(settings: LoadSettings, shape: LoadShape): Thresholds {
  return { ...(shape.kind === 'once' ? ONCE_THRESHOLDS : {}), ...settings.threshold };
}

/**
 * Refuses thresholds that match no dialect, before anything is started or contacted. The target's dialect is not known
 * yet; thresholds that only the other dialect supports are refused once it is.
 * @param source source of the thresholds, for the error
 * @throws CliError exit 2
 */
export function refuseUnfitThresholds(
  thresholds: Thresholds,
  { entries, recordings }: ChosenTests,
  shape: LoadShape,
  source: SourceName = '--threshold',
): void {
  const problems = DIALECTS.flatMap(({ id }) => {
    const scenarios = planScenarios({
      scenarios: entries.map(({ name }) => name),
      dialect: id,
      // Placeholder: these scenarios are only inspected, never run.
      credentials: { token: 'none' },
      identity: 'shared',
      runId: 'check',
      settings: {},
      recordings,
      shape,
    });
    try {
      checkThresholds(scenarios, thresholds);
      return [];
    } catch (error) {
      if (error instanceof EngineError && error.code === 'invalid-threshold') return error;
      throw error;
    }
  });
  const [first] = problems;
  if (first !== undefined && problems.length === DIALECTS.length)
    throw usageError('threshold', `${source}: ${first.message}`);
}
