import { foreseenSteps, formatLevel, type SearchOptions } from '@jarvis-load/capacity';
import { formatDuration } from '../options/duration.ts';

/** The example of `--dry-run` assumes 70 % of the level after so many doublings, or of the highest level if that is lower. */
const CLIMBS = 5;

/** The steps that a search would make, with their time: for a capacity that is assumed, since the real one is not known. */
export function capacityPlanText(options: SearchOptions, repeat: number): string {
  const { from, to, unit } = options;
  const assumed = Math.min(to, from * 2 ** CLIMBS) * 0.7;
  const plans = foreseenSteps(options, unit === 'users' ? Math.max(1, Math.floor(assumed)) : assumed);
  const total = plans.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const lines = plans.map(
    ({ step, level, purpose, durationMs }) =>
      `  ${String(step).padStart(3)}  ${formatLevel(level, unit).padStart(10)}  ${purpose.padEnd(8)} ${formatDuration(durationMs)}`,
  );
  return [
    `If the capacity were ${formatLevel(assumed, unit)}, the search would make these runs:`,
    ...lines,
    `${plans.length} runs, ${formatDuration(total * repeat)} of load${repeat === 1 ? '' : ` in ${repeat} searches`}; besides, before each run a probe, and after it a wait until the target has recovered.`,
    'A twice as high capacity takes one step more. Runs that the machine disturbs are repeated, at most twice. Nothing was sent.',
    '',
  ].join('\n');
}
