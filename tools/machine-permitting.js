// @ts-check
/**
 * `node tools/machine-permitting.js <command...>`: runs a command that writes results/latest/result.json, such as the
 * main job. Exits with the command's code, except with 0 and a message when the run is NOT VALID only because of the
 * machine (reason machine-limited). The reason is read from the document, because Nx exits with 1 for every failure.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { machineLimited } from './prove/machine-limited.js';

const LATEST = 'results/latest';

/** @returns {string | undefined} folder of the newest run */
function latestRun() {
  try {
    return realpathSync(LATEST);
  } catch {
    return undefined;
  }
}

const [program, ...words] = process.argv.slice(2);
if (program === undefined) {
  console.error('usage: node tools/machine-permitting.js <command...>');
  process.exit(2);
}
const before = latestRun();
const { status } = spawnSync(program, words, { stdio: 'inherit' });
const run = latestRun();
// A command that failed without writing a new document must not be excused by an older one.
if (status !== 0 && run !== undefined && run !== before) {
  const reason = machineLimited(JSON.parse(readFileSync(`${run}/result.json`, 'utf8')));
  if (reason !== undefined) {
    console.log(`accepted although it proves nothing (exit 98, machine-limited): ${reason}`);
    process.exit(0);
  }
}
process.exit(status ?? 1);
