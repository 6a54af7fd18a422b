// @ts-check
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @typedef {import('@jarvis-load/engine/result').RunResult} RunResult */

/**
 * Runs `jarvis-load load --target=mock`, as `nx run cli:load --target=mock` does, and reads its document.
 *
 * @param {readonly string[]} flags
 * @param {string} [procs] `cgroup.procs` file to which the process id is written
 * @returns {Promise<{ exit: number | null, result: RunResult | undefined, output: string }>}
 */
export async function runMainJob(flags, procs) {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-prove-'));
  try {
    const words = [join(root, 'apps/cli/bin/jarvis-load.js'), 'load', '--target=mock', ...flags];
    const node = [process.execPath, '--no-memory-reducer', ...words, '--report-dir', folder, '--quiet'];
    // The shell adds itself to the control group, then `exec` replaces it with the program.
    const [program, ...rest] =
      procs === undefined ? node : ['sh', '-c', `echo $$ > ${procs} && exec "$@"`, 'sh', ...node];
    const child = spawn(/** @type {string} */ (program), rest, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = `${output}${text}`.slice(-20_000);
      });
    }
    const end = () => child.kill('SIGTERM');
    process.once('exit', end);
    const exit = await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', resolve);
    });
    process.removeListener('exit', end);
    return { exit, result: readResult(folder), output };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} folder
 * @returns {RunResult | undefined}
 */
function readResult(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'latest', 'result.json'), 'utf8'));
  } catch {
    return undefined;
  }
}
