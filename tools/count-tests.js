// @ts-check
/**
 * `node tools/count-tests.js <folder>`: prints "passed failed skipped", summed over the JSON files that vitest wrote
 * there. A test file that `rerun-failed.js` ran again counts as it ended then. Prints to standard error each test that
 * failed, with its message, and each that passed only at the second attempt, so that they are at the end of a long log.
 * Exits with 1 when there are no tests: tests that did not run must not count as passed.
 */
import { basename } from 'node:path';
import { AGAIN, failuresOf, readResults } from './test-results.js';

const MOST_LINES = 25;

const folder = process.argv[2] ?? '.';
const results = readResults(folder);
if (results.length === 0) {
  console.error(`no test results in ${folder}`);
  process.exit(1);
}
const again = new Map(
  readResults(`${folder}/${AGAIN}`).flatMap(({ suites }) => suites.map((suite) => [suite.name, suite])),
);

let [passed, failed, skipped] = [0, 0, 0];
for (const result of results) {
  passed += result.passed;
  failed += result.failed;
  skipped += result.skipped;
  for (const suite of result.suites) {
    const first = failuresOf(suite);
    const second = again.get(suite.name);
    // A file that could not be loaded has no tests, so it is not in the sums above.
    if (first.wholeFile) failed++;
    if (second === undefined) {
      for (const { test, message } of first.failures)
        report('failed test', result.project, suite, test, message);
      continue;
    }
    const then = failuresOf(second);
    passed += second.passed - suite.passed;
    failed += then.failures.length - first.failures.length;
    skipped += second.skipped - suite.skipped;
    const still = new Set(then.failures.map(({ test }) => test));
    for (const { test, message } of then.failures)
      report('failed test, twice', result.project, suite, test, message);
    for (const { test, message } of first.failures)
      if (!still.has(test)) report('passed only at the second attempt', result.project, suite, test, message);
  }
}
console.log(`${passed} ${failed} ${skipped}`);

/**
 * @param {string} what
 * @param {string} project
 * @param {{ readonly name: string }} suite
 * @param {string} test
 * @param {string} message
 */
function report(what, project, suite, test, message) {
  console.error(`${what}: ${project} ${basename(suite.name)} > ${test}`);
  for (const line of message.split('\n').slice(0, MOST_LINES)) console.error(`    ${line}`);
}
