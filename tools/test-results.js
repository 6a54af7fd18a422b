// @ts-check
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Folder inside the results for those of the test files that were run a second time. */
export const AGAIN = 'again';

/**
 * @typedef {{ readonly name: string, readonly status: string, readonly message: string, readonly passed: number, readonly skipped: number,
 *   readonly tests: readonly { readonly status: string, readonly fullName: string, readonly failureMessages: readonly string[] }[] }} Suite a test file
 * @typedef {{ readonly project: string, readonly passed: number, readonly failed: number, readonly skipped: number, readonly success: boolean, readonly suites: readonly Suite[] }} Results
 */

/**
 * What vitest's JSON reporter wrote into a folder, a file per package.
 *
 * @param {string} folder
 * @returns {Results[]} none for a folder that does not exist
 */
export function readResults(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const result = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return {
        project: basename(name, '.json'),
        passed: result.numPassedTests,
        failed: result.numFailedTests,
        skipped: result.numPendingTests + result.numTodoTests,
        success: result.success,
        suites: result.testResults.map(suiteOf),
      };
    });
}

/**
 * The failed tests of a file; one of its own for a file that could not be loaded or whose set-up failed.
 *
 * @param {Suite} suite
 * @returns {{ readonly wholeFile: boolean, readonly failures: readonly { readonly test: string, readonly message: string }[] }}
 */
export function failuresOf(suite) {
  const failures = suite.tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ test: fullName, message: failureMessages.join('\n') }));
  const wholeFile = suite.status === 'failed' && failures.length === 0;
  return {
    wholeFile,
    failures: wholeFile ? [{ test: '(the file as a whole)', message: suite.message }] : failures,
  };
}

/**
 * @param {any} result a file, as vitest writes it
 * @returns {Suite}
 */
function suiteOf({ name, status, message, assertionResults }) {
  /** @param {string[]} statuses */
  const count = (...statuses) =>
    assertionResults.filter((/** @type {{ status: string }} */ test) => statuses.includes(test.status))
      .length;
  return {
    name,
    status,
    message: message ?? '',
    passed: count('passed'),
    skipped: count('pending', 'skipped', 'todo'),
    tests: assertionResults,
  };
}
