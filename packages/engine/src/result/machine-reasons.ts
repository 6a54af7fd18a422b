import { formatMeasured } from '../format/measure.ts';
import { machineFigures, machineSentence } from '../machine/machine-sentence.ts';
import type { GeneratorHealth, ObjectiveResult, ThresholdResult, Verdict } from '../document/schema.ts';

/** Most promises named in one sentence; the tables list all. */
const MOST_NAMED = 3;

interface Judged {
  readonly thresholds: readonly ThresholdResult[];
  readonly objectives: readonly ObjectiveResult[];
  readonly health: Pick<GeneratorHealth, 'machine' | 'machines' | 'machineCpuShare'>;
}

/**
 * How the machine affected the verdict, in one sentence with figures. Both lists may be filled: `judgeRun` drops `limited` when
 * anything else failed, and `busy` when it keeps `limited`, which has the same figures.
 * @returns `limited`: promises that failed, and waiting for a processor can explain it; `busy`: there was much waiting, whatever
 * came of the run
 */
export function machineReasons({ thresholds, objectives, health }: Judged): {
  readonly limited: Verdict['reasons'];
  readonly busy: Verdict['reasons'];
} {
  const excused = [
    ...thresholds
      .filter(({ status }) => status === 'machine-limited')
      .map(
        ({ metric, expression, measured, limit, unit }) =>
          `${metric}: ${expression} (measured ${formatMeasured(measured, limit, unit)})`,
      ),
    ...objectives
      .filter(({ status }) => status === 'machine-limited')
      .map(
        ({ operation, aspect, measured, limit }) =>
          `${operation} ${aspect} (${formatMeasured(measured, limit, aspect === 'requestsPerSecond' ? 'per second' : 'ms')})`,
      ),
  ];
  const sentence = machineSentence(health);
  const busy = sentence === undefined ? [] : [{ code: 'machine-busy', text: sentence }];
  if (excused.length === 0) return { limited: [], busy };
  const named = excused.slice(0, MOST_NAMED).join(', ');
  const more = excused.length > MOST_NAMED ? ` and ${excused.length - MOST_NAMED} more` : '';
  const text = `the machine can have made this result: ${named}${more} failed, and waiting for a processor can explain it; ${machineFigures(health)}`;
  return { limited: [{ code: 'machine-limited', text }], busy };
}
