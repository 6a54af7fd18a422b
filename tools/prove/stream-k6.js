// @ts-check
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { STREAM_CASES } from '../../packages/engine/test/support/stream-cases.js';
import { findPeer } from '../peers/find-peer.js';
import { expectedOf, round, scheduleOf, startStreamServer } from './stream-run.js';

/** A VU of k6 is a connection; with so many, no stream of the cases waits for one. */
const MANY_VUS = 300;

/**
 * Runs a case with k6, which reads no response while it arrives: over a WebSocket, with the times that a script takes.
 *
 * @param {import('./stream-run.js').CaseName} name
 * @returns {Promise<Omit<import('./stream-run.js').StreamsRun, 'name'>>}
 */
export async function runK6StreamCase(name) {
  const k6 = findPeer('k6');
  if (k6 === undefined) throw new Error('k6 is missing: run `npm run setup:peers -- k6`');
  const each = /** @type {import('./stream-run.js').StreamCase} */ (STREAM_CASES[name]);
  const schedule = scheduleOf(each);
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-streams-'));
  const out = join(folder, 'summary.json');
  const server = await startStreamServer(name, 'WebSocket');
  try {
    await promisify(execFile)(
      k6.path,
      ['run', '--quiet', '--no-usage-report', fileURLToPath(new URL('stream.k6.js', import.meta.url))],
      {
        env: {
          ...process.env,
          DURATION: `${each.seconds}s`,
          OUT: out,
          RATE: String(each.rate),
          TARGET: `ws://127.0.0.1:${server.port}`,
          VUS: String(each.connections ?? MANY_VUS),
        },
      },
    );
    const { metrics } = JSON.parse(readFileSync(out, 'utf8'));
    const count = (/** @type {string} */ metric) => Number(metrics[metric]?.values.count ?? 0);
    const times = /** @type {const} */ (['ttft', 'ttlt', 'tpot', 'gap', 'longestGap']);
    const { written, latenessMs } = await server.record();
    return {
      planned: schedule.length,
      streams: count('streams'),
      parts: count('parts'),
      tokens: count('parts'),
      serverParts: written.reduce((sum, stamps) => sum + stamps.filter((ms) => ms > 0).length, 0),
      measured: /** @type {import('./stream-run.js').Quantiles} */ (
        Object.fromEntries(
          times.map((time) => {
            const { values } = metrics[time];
            return [time, [values.med, values['p(95)'], values['p(99)']].map(round)];
          }),
        )
      ),
      recorded: undefined,
      expected: expectedOf(each, schedule),
      stampsAfterMs: [],
      goodput: null,
      serverGoodput: null,
      latenessMs: round(latenessMs),
      serverStoodStillMs: 0,
      lagMs: 0,
      stoodStillMs: 0,
    };
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}
