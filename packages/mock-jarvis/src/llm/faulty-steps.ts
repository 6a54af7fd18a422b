import type { FaultKind, MockConfig } from '../config/schema.ts';
import type { DecodeSteps } from './decode.ts';

/** Faults that end a streamed answer in its middle. */
const ENDS_EARLY: ReadonlySet<FaultKind | undefined> = new Set(['cut', 'truncated', 'in_band_error']);

/** Faults that replace a streamed answer from its first byte on. */
export const REPLACES_STREAM: ReadonlySet<FaultKind | undefined> = new Set([
  'server_error',
  'reset',
  'hang',
  'garbage',
  'wrong_json',
]);

/**
 * The steps of a streamed answer under a fault: `stall` lengthens the gap in the middle, `slow` all of them, `empty`
 * leaves none, and those that end it early call `endEarly` in place of the step in the middle, or of the end of an
 * answer of one step.
 *
 * Must hold: `endEarly` stops the generation, or the steps after the middle follow, and `end` calls it again.
 */
export function faultySteps(
  faults: MockConfig['faults'],
  fault: FaultKind | undefined,
  steps: DecodeSteps,
  endEarly: () => void,
): DecodeSteps {
  if (fault === undefined) return steps;
  const count = fault === 'empty' ? 0 : steps.count;
  const middle = Math.max(1, count >>> 1);
  const isEarly = ENDS_EARLY.has(fault);
  const addedMs = fault === 'slow' && count > 1 ? faults.slow.spreadMs / (count - 1) : 0;
  return {
    count,
    gapMs: (index) =>
      steps.gapMs(index) + addedMs + (fault === 'stall' && index === middle ? faults.stall.pauseMs : 0),
    step: (index) => {
      if (isEarly && index === middle) endEarly();
      else steps.step(index);
    },
    end: (endMs) => {
      if (isEarly) endEarly();
      else steps.end(endMs);
    },
  };
}
