// @ts-check
import { spawnSync } from 'node:child_process';

/**
 * Runs a program and throws when it fails. Its output is shown only then, because `go install` prints hundreds of
 * modules.
 *
 * @param {string} program
 * @param {readonly string[]} words
 * @param {Record<string, string>} [environment] added to the environment of this process
 */
export function run(program, words, environment = {}) {
  const { status, signal, error, stdout, stderr } = spawnSync(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...environment },
  });
  if (error) throw new Error(`cannot run ${program}: ${error.message}`, { cause: error });
  if (status !== 0) {
    const output = `${stdout}${stderr}`.trim();
    throw new Error(`\`${program} ${words.join(' ')}\` ended with ${signal ?? status}:\n${output}`);
  }
}

/**
 * Whether a program exists and exits with 0.
 *
 * @param {string} program
 * @param {readonly string[]} words
 */
export function succeeds(program, words) {
  return spawnSync(program, words, { stdio: 'ignore' }).status === 0;
}
