import type { ChosenTests } from '../run/chosen-tests.ts';
import type { FoundK6 } from '@jarvis-load/k6-scenarios';
import type { CommandContext } from '../commands/command.ts';
import type { K6Settings } from '../options/k6-flags.ts';
import type { Progress } from '../output/progress.ts';
import type { K6Argument } from './read-arguments.ts';

/** Input of one k6 test. */
export interface K6Request {
  readonly test: K6RunnableTest;
  readonly settings: K6Settings;
  /** Arguments passed to k6. */
  readonly arguments: readonly K6Argument[];
  /** Absolute path, where k6's summary is copied to. */
  readonly summaryExport: string | undefined;
  readonly k6: FoundK6;
  /** Absolute path. */
  readonly reportDirectory: string;
  readonly seed: number;
  readonly progress: Progress;
  readonly context: CommandContext;
}

/** A test that k6 can run: of the suite, or a scenario of a test file. */
export interface K6RunnableTest {
  readonly name: string;
  /** What k6 calls the scenario: k6 does not take every name. */
  readonly nameInK6: string;
  /** Of the result files. */
  readonly fileName: string;
  /** Path of the script for k6. */
  readonly script: string;
  /** Used unless `--profile` names another. @default that of the suite */
  readonly profile?: string;
  readonly tests: ChosenTests;
}
