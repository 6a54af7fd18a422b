// @ts-check
/**
 * `node tools/rerun-failed.js <folder>`: runs each test file that failed once more, alone, by the JSON files that vitest
 * wrote to the folder. Exits with 0 when all of them pass then; what is counted and said of them: `count-tests.js`.
 *
 * A shared machine stops for seconds now and then, and a test that talks to real processes can fail by that. A fault of
 * the project fails twice. More than a few failed files are no accident: they are not run again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AGAIN, failuresOf, readResults } from './test-results.js';

const MOST_FILES = 4;

const folder = process.argv[2] ?? '.';
const results = readResults(folder);
// What a second run of some files cannot mend: a package whose tests did not run, or that failed without a failed test.
const missing = projects().filter((name) => !results.some(({ project }) => project === name));
const unexplained = results.filter(
  ({ success, suites }) => !success && suites.every((suite) => failuresOf(suite).failures.length === 0),
);
if (missing.length > 0 || unexplained.length > 0) {
  console.log(
    `failed without a failed test: ${[...missing, ...unexplained.map(({ project }) => project)].join(', ')}`,
  );
  process.exit(1);
}
const files = results.flatMap(({ suites }) =>
  suites.filter((suite) => failuresOf(suite).failures.length > 0).map(({ name }) => name),
);
if (files.length === 0 || files.length > MOST_FILES) {
  console.log(
    files.length === 0
      ? 'no failed test is on record'
      : `${files.length} test files failed: more than ${MOST_FILES} are not run again`,
  );
  process.exit(1);
}

let good = true;
for (const root of new Set(files.map(packageOf))) {
  const ofPackage = files.filter((file) => packageOf(file) === root);
  console.log(`once more, alone: ${ofPackage.join(' ')}`);
  const { status } = spawnSync('npx', ['vitest', 'run', '--maxWorkers=1', ...ofPackage], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, TEST_RESULTS_FOLDER: join(folder, AGAIN) },
  });
  good &&= status === 0;
}
process.exitCode = good ? 0 : 1;

/**
 * The folder of the package that a test file belongs to.
 *
 * @param {string} file
 * @returns {string}
 */
function packageOf(file) {
  const above = dirname(file);
  return above === file || existsSync(join(above, 'vitest.config.ts')) ? above : packageOf(above);
}

/** Names of the folders that have tests, as in the names of the files with results. */
function projects() {
  const root = join(import.meta.dirname, '..');
  return ['apps', 'packages', '.']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((path) => existsSync(join(path, 'vitest.config.ts')))
    .map((path) => basename(path));
}
