import { ASPECT_WORDS } from './aspect-words.ts';
import type { ObjectiveResult, ThresholdResult, Verdict } from '../document/schema.ts';

interface Promises {
  readonly thresholds: readonly ThresholdResult[];
  readonly objectives: readonly ObjectiveResult[];
}

/** Says how many promises have too few samples, with one of them as an example; empty where all have enough. */
export function unprovenReasons({ thresholds, objectives }: Promises): Verdict['reasons'] {
  const promises = [
    ...thresholds.map((threshold) => ({
      name: `${threshold.metric}: ${threshold.expression}`,
      ...threshold,
    })),
    ...objectives.map((objective) => ({
      name: `${objective.operation} ${ASPECT_WORDS[objective.aspect]}`,
      ...objective,
    })),
  ];
  const [first, ...more] = promises.filter(({ status }) => status === 'unproven');
  if (first === undefined) return [];
  const judged = promises.filter(({ status }) => status !== 'not-measurable').length;
  const has =
    first.samplesNeeded === null
      ? `${first.samples} samples`
      : `${first.samples} of the ${first.samplesNeeded} samples it needs`;
  const rest = more.length > 0 ? `, ${more.length} more likewise` : '';
  return [
    {
      code: 'unproven',
      text: `too few samples for ${more.length + 1} of ${judged} thresholds and objectives: ${first.name} has ${has}${rest}`,
    },
  ];
}

/** Where there are objectives alone and none of them could be measured: a run that nothing judged does not keep them. */
export function unmeasurableReasons({ thresholds, objectives }: Promises): Verdict['reasons'] {
  const [first] = objectives;
  const measurable = objectives.filter(({ status }) => status !== 'not-measurable').length;
  if (first === undefined || thresholds.length + measurable > 0) return [];
  const why = first.detail === undefined ? '' : ` (${first.detail})`;
  const rest = objectives.length === 1 ? '' : `, ${objectives.length - 1} more likewise`;
  return [
    {
      code: 'not-measurable',
      text: `no objective can be measured in this run: ${first.operation} ${ASPECT_WORDS[first.aspect]}${why}${rest}`,
    },
  ];
}

/** Whether no promise was proven; also true without promises, where {@link unprovenReasons} is empty. */
export function provedNothing({ thresholds, objectives }: Promises): boolean {
  const statuses = [...thresholds, ...objectives].map(({ status }) => status);
  return !statuses.some((status) => status === 'pass' || status === 'fail');
}

/** A restated pass with no proven promise needs one promise with at least this many samples. */
const LEAST_RESTATED_SAMPLES = 20;

/** Whether the pass of another tool, over promises that hold and are all unproven, has samples enough to be restated. */
export function canRestate({ thresholds, objectives }: Promises): boolean {
  return [...thresholds, ...objectives].some(
    ({ status, samples }) => status === 'unproven' && samples >= LEAST_RESTATED_SAMPLES,
  );
}
