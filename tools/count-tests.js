// @ts-check
/**
 * `node tools/count-tests.js <folder>`: prints "passed failed skipped", summed over the JSON files that vitest wrote
 * there. Prints each failed test with its message to standard error, so that the failures are at the end of a long log.
 * Exits with 1 when there are no tests: tests that did not run must not count as passed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const MOST_LINES = 25;

const folder = process.argv[2] ?? '.';
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
if (files.length === 0) {
  console.error(`no test results in ${folder}`);
  process.exit(1);
}

let [passed, failed, skipped] = [0, 0, 0];
for (const file of files) {
  const result = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped += result.numPendingTests + result.numTodoTests;
  for (const suite of result.testResults) {
    const failures = suite.assertionResults.filter(
      (/** @type {{ status: string }} */ test) => test.status === 'failed',
    );
    for (const test of failures) report(file, suite.name, test.fullName, test.failureMessages.join('\n'));
    // A file that could not be loaded has no tests, so it is not in the sums above.
    if (suite.status === 'failed' && failures.length === 0) {
      failed++;
      report(file, suite.name, '(the file as a whole)', suite.message);
    }
  }
}
console.log(`${passed} ${failed} ${skipped}`);

/**
 * @param {string} file
 * @param {string} suite
 * @param {string} test
 * @param {string} message
 */
function report(file, suite, test, message) {
  console.error(`failed test: ${basename(file, '.json')} ${basename(suite)} > ${test}`);
  for (const line of message.split('\n').slice(0, MOST_LINES)) console.error(`    ${line}`);
}
