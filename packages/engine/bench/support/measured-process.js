import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * @typedef {object} MeasuredProcess
 * @property {number} cpuSeconds user and system time of the whole process, its start included
 * @property {string} stdout
 * @property {string} stderr
 * @property {number} status
 */

/** The kernel's account of a child is exact only for its parent: bash's `time` reads it when the child has ended. */
const SCRIPT = 'TIMEFORMAT="%3U %3S"; { time "$@" 2>&3; } 3>&2 2>&4';

/**
 * Runs a program to its end, pinned to a core where wanted, and reads what it cost.
 *
 * @param {readonly string[]} command
 * @param {{ cpu?: number | undefined, env?: Record<string, string>, cwd?: string }} [options]
 * @returns {Promise<MeasuredProcess>}
 */
export async function runMeasured(command, { cpu, env, cwd } = {}) {
  const pinned = cpu === undefined ? command : ['taskset', '-c', String(cpu), ...command];
  const child = spawn('bash', ['-c', SCRIPT, 'bash', ...pinned], {
    stdio: ['ignore', 'pipe', 'pipe', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
  });
  const [stdout, stderr, times] = [child.stdout, child.stderr, child.stdio[4]].map((stream) => {
    /** @type {Buffer[]} */
    const chunks = [];
    /** @type {import('node:stream').Readable} */ (stream).on('data', (chunk) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString();
  });
  const [status] = /** @type {[number]} */ (await once(child, 'close'));
  const [user = Number.NaN, system = Number.NaN] = (times?.() ?? '').trim().split(' ').map(Number);
  return {
    cpuSeconds: user + system,
    stdout: stdout?.() ?? '',
    stderr: stderr?.() ?? '',
    status,
  };
}
