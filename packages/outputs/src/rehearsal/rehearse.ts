import type { RunInfo } from '@jarvis-load/engine';
import type { Second } from '../exporter.ts';
import { madeUpSeconds } from './made-up-seconds.ts';

/** Enough for V8 to compile what an interval of an output executes. */
const SECONDS = 30;
/** A run of many operations takes longer for each. */
const MOST_MS = 300;

/**
 * Takes made-up seconds of a run through the work of an output before its load, so that the code is compiled by then.
 * Compiling in the first seconds of the run takes more processor time than their work.
 * @param take does what the output does with a second, on objects of its own and without sending anything
 */
export function rehearse(run: RunInfo, take: (second: Second) => void): void {
  const endMs = performance.now() + MOST_MS;
  for (const second of madeUpSeconds(run, SECONDS)) {
    take(second);
    if (performance.now() > endMs) return;
  }
}
