import { statSync } from 'node:fs';
import { usageError } from '../cli-error.ts';
import type { UiSettings } from '../options/ui-flags.ts';
import { isTyped } from '../options/resolve-settings.ts';
import { SUITES, suiteNamed } from '../suites/suites.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import { openFile } from '../test-file/open-file.ts';

/** Times of files are those of the last tick of a coarse clock, and of some file systems whole seconds. */
const CLOCK_STEP_MS = 1000;

/** The built-in suites, and the test file of the command line, which is read again when it was changed. */
export class OfferedSuites {
  readonly #settings: UiSettings;
  readonly #cwd: string;
  /** As the person named it; empty: there is none. */
  readonly file: string;
  #known: { readonly suite: CliSuite; readonly stamp: string } | undefined;

  /** @throws CliError exit 2 for a file beside `--suite` */
  constructor(settings: UiSettings, cwd: string, file: string) {
    if (file !== '' && settings.suite !== undefined && isTyped(settings, 'suite'))
      throw usageError('flag-conflict', `--suite and ${file} contradict each other`, 'one of them');
    this.#settings = settings;
    this.#cwd = cwd;
    this.file = file;
  }

  /** The suite that a start has unless it names another comes first. @throws CliError exit 2 for a file with a mistake */
  async current(): Promise<readonly [CliSuite, ...CliSuite[]]> {
    const first = this.file === '' ? suiteNamed(this.#settings.suite) : await this.#fileSuite();
    return [first, ...SUITES.filter((suite) => suite !== first)];
  }

  async #fileSuite(): Promise<CliSuite> {
    if (this.#known !== undefined && this.#known.stamp === stampOf(this.#known.suite))
      return this.#known.suite;
    const startedMs = Date.now();
    const suite = await openFile(this.file, this.#settings, this.#cwd);
    // What was saved meanwhile, or just before, may not be in it: the next start reads it again.
    this.#known = isOlder(suite, startedMs - CLOCK_STEP_MS) ? { suite, stamp: stampOf(suite) } : undefined;
    return suite;
  }
}

/** When the sources of a suite were written. */
function timesOf({ origin }: CliSuite): readonly number[] {
  return (origin?.file.sources ?? []).map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function stampOf(suite: CliSuite): string {
  return timesOf(suite).join();
}

function isOlder(suite: CliSuite, thanMs: number): boolean {
  return timesOf(suite).every((timeMs) => timeMs < thanMs);
}
