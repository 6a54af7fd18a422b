import { isProven, Sweep, type CapacityReport } from '@jarvis-load/capacity';
import type { CommandContext } from '../commands/command.ts';
import { exitCode, type ExitName } from '../exit-codes.ts';
import type { SweepLevels } from '../options/flag-kinds.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { withSourcesOf, writtenAs } from '../options/resolve-settings.ts';
import { chooseTests } from '../run/choose-tests.ts';
import { refuseUnfitThresholds } from '../run/thresholds-of-run.ts';
import { runSteps } from './search-and-report.ts';

const DEFAULT_STEP_MS = 15_000;

/**
 * `load --sweep`: a run for each level, and one report with the curve.
 * @returns the exit code: 99 if `judgeStep` fails a level for what the target did; else 98 unless every level passed and proves something
 */
export async function sweepLoad(
  settings: LoadSettings,
  { unit, levels }: SweepLevels,
  context: CommandContext,
  file: string,
): Promise<number> {
  const { sweep: _sweep, duration, ...others } = settings;
  const load = withSourcesOf(settings, others);
  const tests = await chooseTests(load, context.cwd, file);
  refuseUnfitThresholds(load.threshold ?? {}, tests, writtenAs(settings, 'threshold'));
  const report = await runSteps({
    mode: 'sweep',
    unit,
    settings: load,
    tests,
    precision: null,
    longest: { durationMs: duration ?? DEFAULT_STEP_MS, flags: '--duration' },
    sources: [new Sweep(levels, duration ?? DEFAULT_STEP_MS)],
    context,
  });
  return exitCode(exitOfSweep(report));
}

/** `failed` if the target failed a level; else `not-valid` if one went wrong, was refused or disturbed, or proves nothing. */
export function exitOfSweep({ rounds }: Pick<CapacityReport, 'rounds'>): ExitName {
  const steps = rounds.flatMap((round) => round.steps);
  if (steps.some(({ status, isInvalid = false }) => status === 'fail' && !isInvalid)) return 'failed';
  return steps.length > 0 && steps.every((step) => step.status === 'pass' && isProven(step))
    ? 'pass'
    : 'not-valid';
}
