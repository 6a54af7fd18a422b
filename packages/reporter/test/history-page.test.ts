import axe from 'axe-core';
import { changesOver, compareRuns, DEFAULT_TOLERANCES, leastRunsOfChange } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import { renderComparisonHtml, renderHistoryHtml, renderHistoryText, renderHtml } from '../src/index.ts';
import { chromiumPath, launch, openReport } from './browser.ts';
import { HOSTILE } from './fixtures/hostile.ts';

interface AxeWindow {
  readonly axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }> };
}

function run(number: number, factor: number): RunResult {
  const made = simulatedRun({
    seed: number,
    operations: 2,
    seconds: 20,
    rate: 20,
    sigma: 0.3,
    factors: { 1: factor },
  });
  const startedAt = new Date(Date.UTC(2026, 10, number)).toISOString();
  return { ...made, run: { ...made.run, id: `run-${number}`, startedAt, tags: { build: HOSTILE.html } } };
}

const runs = Array.from({ length: 16 }, (_, index) => run(index + 1, index < 8 ? 1 : 1.6));
const changes = changesOver(runs, DEFAULT_TOLERANCES);
const history = renderHistoryHtml(runs, changes, ['one run left out']);
const [base, slow] = [runs[0]!, runs[15]!];
const compared = compareRuns([base], [slow]);
const comparison = renderComparisonHtml(compared, { base: [base], new: [slow] });
const withArrows = renderHtml(slow, compared);

describe('renderHistoryHtml', () => {
  it('says what is lastingly worse and since when, and has the figures of every run', () => {
    expect(history).toMatch(/<span id="verdict">WORSE<\/span>/);
    expect(history).toMatch(/id="headline">Lastingly worse: .*operation-2 p95/);
    expect(history).toMatch(/operation-2 p95 worse since run 9 \(run-9\): [\d.,]+ ms → [\d.,]+ ms, medians/);
    for (const { run: one } of runs) expect(history).toContain(`<code>${one.id}</code>`);
    expect(history).toContain('one run left out');
  });

  it('goes by the last change of a figure: what has recovered is no longer worse', () => {
    const there = Array.from({ length: 30 }, (_, index) =>
      run(index + 1, index >= 10 && index < 20 ? 1.6 : 1),
    );
    // As runs made from files of k6, whose name is their id.
    const named = there.map((each) => ({ ...each, run: { ...each.run, id: 'out' } }));
    const page = renderHistoryHtml(named, changesOver(named, DEFAULT_TOLERANCES), []);
    expect(page).toMatch(/<span id="verdict">BETTER<\/span>/);
    expect(page).toMatch(/operation-2 p95 worse since run 1[0-2] \(out\)/);
    expect(page).toMatch(/operation-2 p95 better since run 2[0-3] \(out\)/);
  });

  it('marks runs of a busy machine, and takes neither levels nor lines from them', () => {
    const { health } = base;
    const loud = { ...health, machine: { seconds: 20, loudSeconds: 9 } } as RunResult['health'];
    const noisy = runs.map((each, index) => (index < 8 ? each : { ...each, health: loud }));
    const found = changesOver(noisy, DEFAULT_TOLERANCES);
    expect(found.filter(({ metric }) => metric !== 'errors')).toEqual([]);
    const page = renderHistoryHtml(noisy, found, []);
    expect(page).toMatch(/CANNOT TELL[^]*8 of 16 runs count/);
    expect(page).toContain('8 of 16 runs marked &quot;busy&quot;');
    expect(page.match(/, busy</g)).toHaveLength(8);
    const allLoud = runs.map((each) => ({ ...each, health: loud }));
    const none = renderHistoryHtml(allLoud, changesOver(allLoud, DEFAULT_TOLERANCES), []);
    expect(none).toMatch(/CANNOT TELL[^]*0 of 16 runs count/);
    // Only errors have a figure that counts.
    expect(none.match(/<figure/g)).toHaveLength(1);
    const text = renderHistoryText(noisy, found, [], { width: 120 });
    expect(text.match(/, busy /g)).toHaveLength(8);
    expect(text).toContain('8 of 16 runs marked "busy"');
    // The level that the first quiet run of the new code begins is dated by its own id.
    const some = runs.map((each, index) => (index === 8 ? { ...each, health: loud } : each));
    const since = changesOver(some, DEFAULT_TOLERANCES).map((change) => change.since);
    expect(new Set(since)).toEqual(new Set(['run-10']));
  });

  it('says of which operations other runs do not count, and is not green without theirs', () => {
    const operation = (each: RunResult, p50: number): RunResult => {
      const [one] = each.operations;
      const { responseTimeOk } = one!;
      const quick = {
        ...one!,
        operation: 'quick',
        responseTimeOk: { ...responseTimeOk, percentiles: { ...responseTimeOk.percentiles, p50 } },
      };
      return { ...each, operations: [...each.operations, quick] };
    };
    const waiting = (each: RunResult, addedMs: number): RunResult => {
      const lostShare = (addedMs * each.totals.requests) / 20_000;
      const machine = { seconds: 20, loudSeconds: 20, lostShare, throttledMs: null, stealShare: null };
      return { ...each, health: { ...each.health, machine } as unknown as RunResult['health'] };
    };
    const same = runs.map((_, index) => run(index + 1, 1));
    const p50 = same[0]!.totals.responseTimeOk.percentiles.p50!;
    const addedMs = 0.04 * p50;
    const loud = same.map((each) => waiting(operation(each, p50 / 100), addedMs));
    const tolerance = { ...DEFAULT_TOLERANCES.p50, floorMs: 0 };
    const found = changesOver(loud, { ...DEFAULT_TOLERANCES, p50: tolerance });
    const page = renderHistoryHtml(loud, found, [], tolerance);
    expect(page).toContain('of quick too few runs count');
    expect(page).toContain(`quick (${loud.length} of ${loud.length})`);
    expect(page).not.toContain('marked &quot;busy&quot;');
    expect(renderHistoryText(loud, found, [], { width: 120 }, tolerance)).toContain('quick (');
    // A tolerance below what waiting added.
    const strict = { ...tolerance, change: 0.03 };
    expect(renderHistoryHtml(loud, found, [], strict)).toContain('CANNOT TELL');
  });

  it('reports no change where nothing changed, and cannot tell of fewer runs than a change needs', () => {
    const same = runs.map((_, index) => run(index + 1, 1));
    const least = leastRunsOfChange(same);
    expect(renderHistoryHtml(same.slice(0, least), [], [])).toContain('NO LASTING CHANGE');
    const few = renderHistoryHtml(same.slice(0, least - 1), [], []);
    expect(few).toMatch(
      new RegExp(
        `class="verdict warn"[^]*CANNOT TELL[^]*${least - 1} of ${least - 1} runs count; a lasting change shows in ${least} `,
      ),
    );
    expect(renderHistoryHtml([base], [], [])).toContain('CANNOT TELL');
  });
});

describe('more operations than a page draws', () => {
  const many = (seed: number): RunResult =>
    simulatedRun({ seed, operations: 27, seconds: 5, rate: 60, sigma: 0.3, factors: {} });
  const [one, other] = [many(1), many(2)];

  it('are counted', () => {
    expect(renderHistoryHtml([one, other], [], [])).toContain('3 more operations have no chart here');
    const page = renderComparisonHtml(compareRuns([one], [other]), { base: [one], new: [other] });
    expect(page).toContain('15 more operations have no chart here');
    expect(comparison).not.toContain('no chart here');
    expect(history).not.toContain('no chart here');
  });
});

describe('the report with a baseline', () => {
  it('has an arrow beside each figure that was compared, and says with what', () => {
    const rows = withArrows.match(/<tr[^>]*><th scope="row"[^>]*><code>operation-2.*?<\/tr>/)?.[0] ?? '';
    expect(rows.match(/class="arrow [a-z]+"/g)).toHaveLength(8);
    expect(rows).toMatch(/<small class="arrow fail">▲ \+\d+% worse<\/small>/);
    const figures = withArrows.match(/<dl class="figures">.*?<\/dl>/s)?.[0] ?? '';
    expect(figures.match(/class="arrow [a-z]+"/g)).toHaveLength(5);
    expect(withArrows).toMatch(/id="compared">Compared with run-1 .*worse/);
    expect(renderHtml(slow)).not.toContain('class="arrow');
  });
});

describe.skipIf(chromiumPath === undefined)('pages of several runs in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it.each([
    ['history', 'light', history],
    ['history', 'dark', history],
    ['comparison', 'light', comparison],
    ['comparison', 'dark', comparison],
    ['report with arrows', 'light', withArrows],
  ] as const)(
    '%s, %s: no fault that axe finds, no message, no request, no scrolling sideways',
    async (name, colorScheme, html) => {
      const { page, complaints, requests } = await openReport(browser, html, { colorScheme });
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
      expect(violations.map(({ id, nodes }) => [name, id, nodes.map(({ target }) => target)])).toEqual([]);
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(
          width,
        );
      }
      expect(await page.evaluate('"pwned" in globalThis')).toBe(false);
      expect([complaints, requests]).toEqual([[], []]);
      await page.close();
    },
    90_000,
  );
});
