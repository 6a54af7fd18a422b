import type { RunResult } from '@jarvis-load/engine/result';
import { capacity } from './capacity.ts';
import { dominantOutcome } from './dominant-outcome.ts';
import { drift } from './drift.ts';
import type { Finding } from './finding.ts';
import { freeze } from './freeze.ts';
import { generatorKeptUp, generatorLate, machineBusy } from './generator-state.ts';
import { promisesOf } from '../view/promise.ts';
import { leftLimit } from './left-limit.ts';
import { familyOf } from './promise-course.ts';
import { timeSpent } from './time-spent.ts';

/** Most sentences; the least important ones are cut. */
const MOST_SENTENCES = 5;

/**
 * What happened in a run, in at most five sentences: when an operation left its limits and at which load, whether the
 * capacity of the target was reached, which failures dominate, whether it stood still or became slower, where the time
 * went, and what generator and machine did. Empty for a run in which nothing of that happened.
 *
 * A pure function of the document; each sentence names the values of the document that it is built on.
 */
export function whatHappened(result: RunResult): Finding[] {
  const generator = [...generatorLate(result), ...machineBusy(result)];
  const departed = leftLimit(result);
  const full = capacity(result);
  const stood = freeze(result);
  const failures = dominantOutcome(result);
  // A backlog grows steadily too, and a standstill makes some intervals slow: these have their own sentences.
  const slower = full.length + stood.length === 0 ? drift(result) : [];
  const slow = [...full, ...stood, ...slower];
  const trouble = [...departed, ...slow, ...failures];
  const tooSlow =
    slow.length > 0 ||
    promisesOf(result).some(
      (promise) => promise.status === 'fail' && familyOf(result, promise) === 'latency',
    );
  const explained = tooSlow ? timeSpent(result) : [];
  const cleared = trouble.length > 0 && generator.length === 0 ? generatorKeptUp(result) : [];
  // Ordered by importance, for the cut; the result is in the order of cause and effect below.
  const kept = new Set(
    [
      ...generator,
      ...departed.slice(0, 1),
      ...slow,
      ...failures,
      ...explained,
      ...departed.slice(1),
      ...cleared,
    ].slice(0, MOST_SENTENCES),
  );
  return [...departed, ...slow, ...failures, ...explained, ...generator, ...cleared].filter((each) =>
    kept.has(each),
  );
}
