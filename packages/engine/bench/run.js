/**
 * Every benchmark, one after another; a few minutes. `--full` runs the stated lengths instead, for the tables in the docs.
 *
 *     npm run bench [-- --full]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readArguments } from './support/arguments.js';

const { full } = readArguments({ full: false });
/** @type {readonly (readonly [name: string, words: string, fullWords: string])[]} */
const BENCHES = [
  ['cpu', '--rounds 1 --seconds 6', '--rounds 5 --seconds 8'],
  ['threads', '--rounds 1 --seconds 15', '--rounds 5 --seconds 15'],
  ['pacing', '--rounds 1 --seconds 10', '--rounds 5 --seconds 10'],
  ['memory', '--requests 500000', '--full'],
  ['feeder', '--rows 200000', '--rows 1000000'],
  ['accuracy', '--attempts 1', '--full --attempts 3'],
];

let failed = false;
for (const [name, words, fullWords] of BENCHES) {
  const file = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  const { status } = spawnSync(process.execPath, [file, ...(full ? fullWords : words).split(' ')], {
    stdio: 'inherit',
  });
  if (status !== 0) failed = true;
}
if (failed) process.exitCode = 1;
