import type { Recording } from '../data/recording.ts';
import type { Prompt } from './prompts.ts';

/** What the suites of this package get as `files`. */
export interface SuiteFiles {
  readonly recordings: readonly Recording[];
  /** Empty: none were named. */
  readonly prompts: readonly Prompt[];
}
