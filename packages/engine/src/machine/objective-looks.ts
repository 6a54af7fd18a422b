import { OUTCOMES } from '../outcome.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import type { Objective } from '../model/objective.ts';
import type { SecondLook } from './second-look.ts';
import type { SecondLooks } from './second-looks.ts';

const OK = OUTCOMES.indexOf('ok');

/**
 * Keeps the good answers of each operation with a latency objective a second time, by operation name. Called before the first
 * interval.
 */
export function openObjectiveLooks(
  objectives: readonly Objective[],
  looks: SecondLooks | undefined,
): ReadonlyMap<string, SecondLook> {
  if (looks === undefined) return new Map();
  return new Map(
    objectives.flatMap(({ operation, p50Ms, p95Ms, p99Ms }) => {
      if (p50Ms === undefined && p95Ms === undefined && p99Ms === undefined) return [];
      const read = (measures: Measures): Histogram => goodAnswers(measures, operation);
      return [[operation, looks.open(read)]];
    }),
  );
}

/** Response times of one operation, in all scenarios. */
function goodAnswers(measures: Measures, name: string): Histogram {
  const merged = new Histogram();
  for (const { index, operation } of measures.run.operations) {
    const times = operation.name === name ? measures.operations[index]!.response[OK] : undefined;
    if (times !== undefined) merged.add(times);
  }
  return merged;
}
