import { fileURLToPath } from 'node:url';
import { runMeasured } from './measured-process.js';

/**
 * @typedef {import('@jarvis-load/engine').RunResult} RunResult
 * @typedef {{ requests: number, rssBytes: number, heapBytes: number }} MemorySample
 * @typedef {{ result: RunResult, memory: MemorySample[], cpuSeconds: number }} Generated
 */

const GENERATOR = fileURLToPath(new URL('./native-generator.js', import.meta.url));

/**
 * One run of our engine in a process of its own.
 *
 * @param {Record<string, unknown>} options of the run, with `scenario` (an export of scenarios.js) and `executor`
 * @param {{ cpu?: number | undefined, nodeFlags?: readonly string[], env?: Record<string, string> }} [process_] env: such
 *   as `ENGINE`, the entry of another build
 * @returns {Promise<Generated>}
 */
export async function generate(options, { cpu, nodeFlags = [], env = {} } = {}) {
  const command = [process.execPath, ...nodeFlags, GENERATOR, JSON.stringify(options)];
  const { status, stdout, stderr, cpuSeconds } = await runMeasured(command, { cpu, env });
  if (status !== 0) throw new Error(`the generator ended with ${status}:\n${stderr.slice(-2000)}`);
  return { ...JSON.parse(stdout), cpuSeconds };
}
