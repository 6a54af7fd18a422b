// @ts-check
/**
 * `node tools/count-tests.js <folder>`: prints "passed failed skipped", added up over the JSON files that vitest wrote there.
 * Exits with 1 when there is none: tests that did not run are not a pass.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
}
console.log(`${passed} ${failed} ${skipped}`);
