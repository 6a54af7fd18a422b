import { changesOver, compareRuns, DEFAULT_TOLERANCES } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import { renderComparisonHtml, renderHistoryHtml, renderHtml } from '../src/index.ts';
import { chromiumPath, launch, openReport } from './browser.ts';
import { hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';

/**
 * Labels of charts that cover another label or leave their chart, in words. A string, because test code is not compiled
 * for the browser. Boxes of neighbouring lines of text may touch by 3 pixels: their letters do not.
 */
const FAULTS = `[...document.querySelectorAll('.chart-svg')].flatMap((chart) => {
  const name = chart.closest('figure').id;
  const all = chart.getBoundingClientRect();
  const labels = [...chart.querySelectorAll('text')]
    .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0);
  const outside = labels.filter(({ box }) =>
    box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 2);
  const covered = labels.flatMap((a, index) => labels.slice(index + 1).filter((b) =>
    Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
    Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 3
  ).map((b) => name + ': ' + a.text + ' and ' + b.text));
  return [...covered, ...outside.map(({ text }) => name + ': ' + text + ' is cut')];
})`;

function simulated(seed: number, factor: number): RunResult {
  const made = simulatedRun({
    seed,
    operations: 2,
    seconds: 20,
    rate: 20,
    sigma: 0.4,
    factors: { 1: factor },
  });
  const startedAt = new Date(Date.UTC(2026, 10, 1, 0, seed)).toISOString();
  return { ...made, run: { ...made.run, id: `run-${seed}`, startedAt } };
}

/** Of a run in stages, with limits from far below its response times to far above. */
function staged(durationMs: number, slowdown: number): RunResult {
  const result = runResult({ durationMs, trouble: { slowdown, fromMs: durationMs / 3, outcomes: {} } });
  const stages = [0.1, 0.3, 0.5, 0.1].map((share, index) => ({
    durationMs: durationMs * share,
    target: [60, 60, 1200, 0][index],
  }));
  const [first, ...others] = result.scenarios;
  const scenarios = [first!, ...others].map((scenario) => ({
    ...scenario,
    executor: { kind: 'ramping-vus', stages },
  }));
  return { ...result, scenarios };
}

function pages(): Record<string, string> {
  const [base, slow] = [simulated(1, 1), simulated(2, 2)];
  const runs = Array.from({ length: 16 }, (_, index) => simulated(index, index < 8 ? 1 : 3));
  return {
    'two seconds': renderHtml(staged(2000, 1)),
    passed: renderHtml(staged(30_000, 1)),
    failed: renderHtml(staged(30_000, 20)),
    hostile: renderHtml(hostileRun()),
    'an hour': renderHtml({ ...staged(30_000, 3), ...scaled(staged(30_000, 3), 120) }),
    comparison: renderComparisonHtml(compareRuns([base], [slow]), { base: [base], new: [slow] }),
    history: renderHistoryHtml(runs, changesOver(runs, DEFAULT_TOLERANCES), []),
  };
}

/** The series of a run that takes more time. */
function scaled({ series, run, scenarios }: RunResult, factor: number): Partial<RunResult> {
  const longer = <P extends { atMs: number; durationMs: number }>(points: readonly P[]): P[] =>
    points.map((point) => ({ ...point, atMs: point.atMs * factor, durationMs: point.durationMs * factor }));
  return {
    run: { ...run, durationMs: run.durationMs * factor },
    series: { ...series, binMs: series.binMs * factor, points: longer(series.points) },
    scenarios,
  };
}

describe.skipIf(chromiumPath === undefined)('labels of charts in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });

  it('cover no other label and are not cut, at 360, 768 and 1440 pixels', { timeout: 120_000 }, async () => {
    for (const [name, html] of Object.entries(pages())) {
      const { page } = await openReport(browser, html);
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.locator('.chart-svg text').count()).toBeGreaterThan(10);
        expect(await page.evaluate<string[]>(FAULTS), `${name}, ${width} px`).toEqual([]);
      }
      await page.close();
    }
  });
});
