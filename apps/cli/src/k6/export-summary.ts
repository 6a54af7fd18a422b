/**
 * `--summary-export` of k6. It is not passed on: k6 takes one, which is ours, and writes tokens into it.
 *
 * Must hold: the summary that is copied has gone through `takeSummary`.
 */
import { reasonOf } from '@jarvis-load/engine/show';
import { copyFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { usageError } from '../cli-error.ts';
import type { K6Argument } from './read-arguments.ts';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/**
 * Where the summary goes besides the report: an absolute path; undefined if it was not asked for.
 *
 * @param tests number of tests that would write it
 * @throws CliError exit 2 for several tests, for a folder, and for a path in a folder that does not exist
 */
export function summaryExport(args: readonly K6Argument[], tests: number, cwd: string): string | undefined {
  const given = args.findLast(({ name }) => name === 'summary-export')?.value;
  if (given === undefined) return undefined;
  const path = resolve(cwd, given);
  const refuse = (problem: string, expected: string): never => {
    throw usageError('k6-flag', `--summary-export=${given} of k6: ${problem}`, expected);
  };
  if (tests > 1)
    refuse(
      `${tests} tests would write it, one after another`,
      'one test; each has its summary beside its report',
    );
  if (given === '' || isFolder(path)) refuse('is no file', 'the path of a file, such as summary.json');
  if (!isFolder(dirname(path))) refuse('its folder does not exist', 'a path in a folder that exists');
  return path;
}

/** Copies the summary. @returns what went wrong */
export function copySummary(from: string, to: string): string | undefined {
  try {
    copyFileSync(from, to);
    return undefined;
  } catch (error) {
    const { code = reasonOf(error) } = error as NodeJS.ErrnoException;
    return `warning: k6's summary could not be written to ${to} (${code})`;
  }
}
