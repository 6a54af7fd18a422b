/**
 * Size of the report of a long run, the time to make it, and the time until Chromium shows it. The run is one of the real engine on a
 * virtual clock: stages of users, answers that slow down and fail for some minutes, thresholds, checks, objectives, a metric of its own.
 *
 *     node bench/report.js [--minutes 60] [--operations 12] [--rounds 20] [--keep report.html]
 *
 * Limits: 2 MB, 1 s to make it, 1 s from the start of the navigation to the second frame after the load event.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { renderAll, renderHtml, renderJson } from '@jarvis-load/reporter';
import { chromium } from 'playwright-core';
import { readArguments } from '../../engine/bench/support/arguments.js';
import { environmentLine, requireProgram } from '../../engine/bench/support/programs.js';
import { markdownTable, median } from '../../engine/bench/support/table.js';

const MOST_BYTES = 2e6;
const MOST_MS = 1000;

const { minutes, operations, rounds, keep } = readArguments({
  minutes: '60',
  operations: '12',
  rounds: '20',
  keep: '',
});

/** A run whose target is slow and refuses in its middle. */
function longRun() {
  const names = Array.from({ length: Number(operations) }, (_, index) => `operation.${index + 1}`);
  const length = Number(minutes) * 60_000;
  const clock = new VirtualClock();
  const target = new ScriptedTarget(clock, ({ number, atMs }) => {
    const isBad = atMs > 0.4 * length && atMs < 0.6 * length;
    const noise = 1 + ((number * 7919) % 1000) / 500;
    return {
      afterMs: (isBad ? 120 : 40) * noise,
      status: isBad && number % 11 === 0 ? 503 : 200,
      body: '{}',
    };
  });
  const load = startLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: target,
    seed: 1,
    runId: 'long',
    thresholds: { http_req_failed: ['rate<0.01'], http_req_duration: ['p(95)<150', 'p(99)<400'] },
    objectives: names.map((operation) => ({ operation, p95Ms: 150, p99Ms: 400, errorRate: 0.01 })),
    scenarios: [
      {
        name: 'journey',
        operations: names.map((name) => ({
          name,
          method: 'GET',
          route: `/${name}`,
        })),
        metrics: [{ name: 'words', kind: 'trend', unit: 'count' }],
        executor: {
          kind: 'ramping-vus',
          startVUs: 1,
          stages: [
            { duration: length / 4, target: 10 },
            { duration: length / 2, target: 10 },
            { duration: length / 4, target: 2 },
          ],
        },
        async run(user) {
          for (const operation of names) {
            const response = await user.request({ operation, path: `/${operation}` });
            user.check(response, { 'status is 200': ({ status }) => status === 200 });
            user.record('words', 3 + (user.iteration % 40));
          }
          await user.think(2);
        },
      },
    ],
  });
  return clock.until(load.result);
}

/** @param {() => unknown} act @returns milliseconds */
function timed(act) {
  const start = performance.now();
  act();
  return performance.now() - start;
}

/** Milliseconds from the start of the navigation to the second frame after the load event, once per round. @param {string} html */
async function timesToShow(html) {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-report-'));
  const browser = await chromium.launch({
    executablePath: requireProgram('chromium'),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const path = join(folder, 'report.html');
    writeFileSync(path, html);
    const times = [];
    for (let round = 0; round < Number(rounds); round++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      await page.goto(pathToFileURL(path).href, { waitUntil: 'load' });
      /** @type {number} */
      const shownMs = await page.evaluate(
        'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))',
      );
      times.push(shownMs);
      await context.close();
    }
    return times;
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const result = await longRun();
const first = timed(() => renderHtml(result));
const html = renderHtml(result);
if (keep !== '') writeFileSync(keep, html);
const again = Array.from({ length: Number(rounds) }, () => timed(() => renderHtml(result)));
const all = timed(() => renderAll(result));
const shown = await timesToShow(html);
const bytes = Buffer.byteLength(html);

/** @param {number} ms */
const inMs = (ms) => `${Math.round(ms)} ms`;
/** @param {boolean} holds */
const verdict = (holds) => (holds ? 'met' : '**missed**');
console.log(
  `\n### The report of ${minutes} minutes with ${operations} operations, ${result.totals.requests} requests\n`,
);
console.log(`${environmentLine(['chromium'])}; ${rounds} rounds\n`);
console.log(
  markdownTable(
    ['what', 'measured', 'limit'],
    [
      ['`report.html`', `${(bytes / 1e6).toFixed(2)} MB`, `2 MB: ${verdict(bytes < MOST_BYTES)}`],
      ['`result.json`', `${(Buffer.byteLength(renderJson(result)) / 1e6).toFixed(2)} MB`, ''],
      ['made for the first time in a process', inMs(first), `1 s: ${verdict(first < MOST_MS)}`],
      ['made again, median', inMs(median(again)), ''],
      ['all views, made again', inMs(all), ''],
      ['shown by Chromium, median', inMs(median(shown)), `1 s: ${verdict(median(shown) < MOST_MS)}`],
      ['shown by Chromium, longest', inMs(Math.max(...shown)), ''],
    ],
  ),
);
