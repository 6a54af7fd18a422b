import type { RunResult } from '@jarvis-load/engine/result';

/** The runs that were compared, oldest first. */
export interface ComparedSides {
  readonly base: readonly RunResult[];
  readonly new: readonly RunResult[];
}
