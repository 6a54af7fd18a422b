/**
 * Runs the same scenario on the native engine and in k6, against the same target, and returns both results in the same
 * format. Used by the parity benchmark and by its short form in the tests.
 */
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoad } from '@jarvis-load/engine';
import { documentedDialect, scenarioByName, toRecording } from '@jarvis-load/jarvis';
import {
  bundleOf,
  k6TestByName,
  OWN_METRICS,
  runK6,
  settingsForK6,
  takeSummary,
} from '@jarvis-load/k6-scenarios';
import { readK6 } from '@jarvis-load/reporter/ingest';

/** @typedef {import('@jarvis-load/engine').RunResult} RunResult */
/** @typedef {import('@jarvis-load/engine').ExecutorOptions} ExecutorOptions */

/**
 * @typedef {object} Setting
 * @property {string} baseUrl
 * @property {string} scenario name of a scenario of packages/jarvis
 * @property {ExecutorOptions} executor
 * @property {number} seed
 * @property {string} runId
 * @property {number} requestTimeoutMs
 */

const speech = new URL('../../../jarvis/recordings/fr/', import.meta.url);

/** The same three recordings as in the bundles. */
const recordings = ['02', '12', '15'].map((name) =>
  toRecording(
    name,
    readFileSync(new URL(`${name}.wav`, speech)),
    readFileSync(new URL(`${name}.txt`, speech), 'utf8'),
  ),
);

const credentials = { accounts: [{ username: 'admin', password: 'admin123' }] };

/**
 * @param {Setting} setting
 * @returns {Promise<RunResult>}
 */
export async function runNative({ baseUrl, scenario, executor, seed, runId, requestTimeoutMs }) {
  const created = scenarioByName(scenario).create({
    dialect: documentedDialect,
    credentials,
    runId,
    recordings,
  });
  return await runLoad({
    baseUrl,
    scenarios: [{ ...created, executor }],
    seed,
    runId,
    circuitBreaker: false,
    timeouts: { requestMs: requestTimeoutMs },
  });
}

/**
 * @param {Setting} setting
 * @param {string} k6 the program
 * @returns {Promise<RunResult>}
 */
export async function runInRealK6({ baseUrl, scenario, executor, seed, runId, requestTimeoutMs }, k6) {
  const folder = mkdtempSync(join(tmpdir(), 'k6-parity-'));
  try {
    const samplesFile = join(folder, 'samples.json');
    const summaryFile = join(folder, 'summary.json');
    const running = await runK6({
      k6,
      script: bundleOf(k6TestByName(scenario)),
      samplesFile,
      summaryFile,
      arguments: ['--address', 'localhost:0'],
      environment: { PATH: process.env['PATH'] },
      settings: settingsForK6({
        baseUrl,
        pins: [],
        certificate: undefined,
        credentials,
        identity: 'shared',
        executor,
        seed,
        runId,
        settings: {},
        headers: {},
        userAgent: 'jarvis-load-parity',
        requestTimeoutMs,
      }),
      cwd: folder,
      display: 'ignore',
      onLog: () => undefined,
    });
    const { exitCode, abort } = await running.exited;
    if (exitCode !== 0 && exitCode !== 99) throw new Error(`k6 ended with ${exitCode}: ${abort?.text ?? ''}`);
    const reading = await readK6([{ fileName: samplesFile, chunks: createReadStream(samplesFile) }], {
      scriptMetrics: OWN_METRICS,
    });
    return reading.result({ summary: takeSummary(summaryFile) });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Number of requests by operation and outcome; outcomes without requests are left out.
 *
 * @param {RunResult} result
 * @returns {Record<string, Record<string, number>>}
 */
export function outcomesByOperation(result) {
  /** @type {Record<string, Record<string, number>>} */
  const found = {};
  const rows = result.operations.toSorted((a, b) => a.operation.localeCompare(b.operation));
  for (const { operation, outcomes } of rows) {
    found[operation] = Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count > 0));
  }
  return found;
}

/**
 * Passes and total of each check.
 *
 * @param {RunResult} result
 * @returns {Record<string, string>}
 */
export function checksOf(result) {
  return Object.fromEntries(
    result.checks
      .map(({ name, passes, fails }) => [name, `${passes}/${passes + fails}`])
      .toSorted(([a = ''], [b = '']) => a.localeCompare(b)),
  );
}

/**
 * Newcombe's interval (1998, method 10) for the difference of two shares, 99 %.
 *
 * @param {number} a successes of the first
 * @param {number} n trials of the first
 * @param {number} b successes of the second
 * @param {number} m trials of the second
 * @returns {[number, number]}
 */
export function differenceOfShares(a, n, b, m) {
  const [lowA, highA] = wilson(a, n);
  const [lowB, highB] = wilson(b, m);
  const p = a / n;
  const q = b / m;
  return [
    p - q - Math.sqrt((p - lowA) ** 2 + (highB - q) ** 2),
    p - q + Math.sqrt((highA - p) ** 2 + (q - lowB) ** 2),
  ];
}

const Z = 2.5758;

/**
 * @param {number} k
 * @param {number} n
 * @returns {[number, number]}
 */
function wilson(k, n) {
  const p = k / n;
  const middle = (p + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n);
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n * n));
  return [middle - half, middle + half];
}
