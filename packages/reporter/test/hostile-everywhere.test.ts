import { capacityReport, judgeStep, type CapacityAnswer, type CapacityReport } from '@jarvis-load/capacity';
import { changesOver, compareRuns, DEFAULT_TOLERANCES, spreadOfRuns } from '@jarvis-load/compare';
import type { MachineHealth, RunResult } from '@jarvis-load/engine/result';
import { parse } from 'csv-parse/sync';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import {
  renderAll,
  renderAnnotations,
  renderCapacityHtml,
  renderCapacityJson,
  renderCapacityText,
  renderClosing,
  renderComparisonAnnotations,
  renderComparisonHtml,
  renderComparisonJson,
  renderComparisonMarkdown,
  renderComparisonText,
  renderHistoryHtml,
  renderHistoryText,
  renderNotComparedMarkdown,
  renderSpreadText,
  renderText,
} from '../src/index.ts';
import { chromiumPath, launch, openReport } from './browser.ts';
import { hostileRun } from './fixtures/hostile.ts';
import { parseXml } from './fixtures/parse-xml.ts';
import { ATTACKS, poison, poisoned } from './fixtures/poison.ts';
import { richRun } from './fixtures/rich-run.ts';

interface View {
  readonly name: string;
  readonly content: string;
}

/** Control characters, bidirectional controls, separators of lines, half characters. */
const CONTROLS = /[\p{Cc}\p{Surrogate}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

function simulated(number: number, attack: string): RunResult {
  const made = simulatedRun({
    seed: number,
    operations: 2,
    seconds: 10,
    rate: 10,
    sigma: 0.3,
    factors: { 1: number > 8 ? 3 : 1 },
  });
  const startedAt = new Date(Date.UTC(2026, 10, number)).toISOString();
  const run = { ...made.run, id: `run-${number}`, startedAt, tags: { build: 'b' } };
  return poisoned({ ...made, run }, attack);
}

/** What a search makes of hostile runs: each kind of answer, and names that come from files of the person. */
function capacityOf(runs: readonly RunResult[], attack: string): CapacityReport {
  const steps = runs.map((run, index) => ({
    ...judgeStep(run, index === 0),
    step: index + 1,
    attempt: index + 1,
    level: 10 * (index + 1),
    purpose: 'climb' as const,
    durationMs: 30_000,
  }));
  const broken = steps.flatMap((step) => step.broken ?? [])[0]!;
  const reason = poison('the run failed', attack);
  const failed = { level: 20, broken, reason };
  const answers: CapacityAnswer[] = [
    { kind: 'found', level: 10, confirmedMs: 60_000, failed, rateLimit: reason },
    { kind: 'found', level: 11, confirmedMs: null, failed: { ...failed, broken: null } },
    { kind: 'at-least', level: 10, confirmedMs: null, limit: 'asked', above: null },
    { kind: 'none', failed },
    { kind: 'unknown', level: 10, reason },
    { kind: 'not-monotonic', level: 10, passedIn: 1, failedIn: 2, failed },
    { kind: 'not-confirmed', level: null, failed },
  ];
  const name = (text: string): string => poison(text, attack);
  return capacityReport({
    generator: { name: 'jarvis-load', version: '0' },
    id: name('capacity-1'),
    startedAt: '2026-11-22T16:05:12.340Z',
    mode: 'search',
    unit: 'rate',
    target: { name: name('staging'), url: name('http://127.0.0.1') },
    scenarios: [name('chat')],
    precision: 0.05,
    rounds: answers.map((answer) => ({ answer, steps })),
    notes: [name('ended by SIGINT before its end')],
  });
}

/** With two models of load, and with two machines that were short of processor time: sentences that the run itself lacks. */
function merged(run: RunResult): RunResult {
  const [open] = run.scenarios;
  const waiting = { name: 'generator', wantedMs: 900, runMs: 500, waitMs: 400, waitShare: 0.44 };
  const machine: MachineHealth = {
    processes: [waiting],
    seconds: 10,
    loudSeconds: 5,
    lostShare: 0.4,
    pressureShare: 0.2,
    stealShare: 0.03,
    throttledMs: 20,
  };
  const machines = ['part 1', 'part 2'].map((part) => ({ part, machine, machineCpuShare: 0.9 }));
  return {
    ...run,
    scenarios: [...run.scenarios, { ...open!, name: 'second', model: 'closed' }],
    health: { ...run.health, machine: null, machines },
  };
}

/** Every view of documents in which every free text is hostile. */
function viewsOf(rich: RunResult, attack: string): View[] {
  const documents = {
    rich: poisoned(rich, attack),
    broken: poisoned(hostileRun(), attack),
    merged: poisoned(merged(rich), attack),
  };
  const runs = Array.from({ length: 16 }, (_, index) => simulated(index + 1, attack));
  const [base, slow] = [runs[0]!, runs[15]!];
  const comparison = compareRuns([base], [slow]);
  const changes = changesOver(runs, DEFAULT_TOLERANCES);
  expect(changes.length).toBeGreaterThan(0);
  expect(comparison.finding).toBe('worse');
  const notes = [base.run.id];
  const capacity = capacityOf(Object.values(documents), attack);
  const annotations = [
    ...Object.values(documents).flatMap((each) => renderAnnotations(each)),
    ...renderComparisonAnnotations([{ comparison, level: 'error' }]),
  ];
  const notCompared = {
    baseline: poison('baseline', attack),
    obstacles: [{ code: 'other-load', text: poison('obstacle', attack), invalid: false }],
  };
  const refused = renderComparisonAnnotations([{ notCompared, level: 'error' }]);
  return [
    ...Object.entries(documents).flatMap(([name, document]) =>
      renderAll(document).map(({ fileName, content }) => ({ name: `${name} ${fileName}`, content })),
    ),
    ...Object.entries(documents).flatMap(([name, document]) => [
      { name: `${name} k6.txt`, content: renderText(document, { columns: 'k6' }) },
      { name: `${name} closing.txt`, content: renderClosing(document, poison('report', attack)) },
    ]),
    { name: 'comparison.txt', content: renderComparisonText(comparison) },
    { name: 'comparison.md', content: renderComparisonMarkdown(comparison) },
    { name: 'comparison.json', content: renderComparisonJson(comparison) },
    { name: 'comparisons.json', content: renderComparisonJson([comparison, comparison]) },
    { name: 'comparison.html', content: renderComparisonHtml(comparison, { base: [base], new: [slow] }) },
    { name: 'history.txt', content: renderHistoryText(runs, changes, notes) },
    { name: 'history.html', content: renderHistoryHtml(runs, changes, notes) },
    { name: 'spread.txt', content: renderSpreadText(spreadOfRuns(runs.slice(0, 3)), 3) },
    { name: 'capacity.txt', content: renderCapacityText(capacity) },
    { name: 'capacity.json', content: renderCapacityJson(capacity) },
    { name: 'capacity.html', content: renderCapacityHtml(capacity) },
    { name: 'refused.md', content: renderNotComparedMarkdown(notCompared) },
    { name: 'refused annotations', content: `${refused.join('\n')}\n` },
    {
      name: 'refused closing.txt',
      content: renderClosing(rich, undefined, { remark: notCompared.baseline }),
    },
    { name: 'annotations', content: `${annotations.join('\n')}\n` },
  ];
}

const rich = await richRun();
const views = ATTACKS.flatMap((attack, index) =>
  viewsOf(rich, attack).map(({ name, content }) => ({ name: `${name} ${index}`, content })),
);
const of = (kind: RegExp) => views.filter(({ name }) => kind.test(name));

describe('hostile text in every free place of a document', () => {
  it('is in all views of all kinds', () => {
    expect(views.length).toBeGreaterThan(ATTACKS.length * 32);
    // A history in CSV has no text of a target; names are cut in the table of repeated runs.
    for (const { name, content } of of(/^(?!.*(history\.csv|spread))/))
      expect([name, content.includes('forged')]).toEqual([name, true]);
    for (const { name, content } of of(/rich (summary|report)/))
      expect([name, /streams/i.test(content)]).toEqual([name, true]);
  });

  it('leaves no control character and no half character in any file', () => {
    for (const { name, content } of views) {
      const line = content
        .replaceAll('\r\n', '\n')
        .split('\n')
        .find((each) => CONTROLS.test(each.replaceAll('\t', ' ')));
      expect([name, line]).toEqual([name, undefined]);
    }
  });

  it('is no workflow command in what is printed or shown in a log', () => {
    for (const { name, content } of of(/\.(txt|md) /))
      for (const line of content.split('\n'))
        expect([name, line]).toEqual([name, line.replace(/^\s*::|##\w*\[/, '')]);
    for (const { name, content } of of(/annotations/))
      for (const line of content.trim().split('\n'))
        expect([name, line]).toEqual([name, expect.stringMatching(/^::(error|warning) title=[^:,]*::/)]);
  });

  it('is neither markup nor a link in Markdown', () => {
    for (const { name, content } of of(/\.md /)) {
      const prose = content
        .replaceAll(/^(`{3,})sh\n[^]*?\n\1$/gm, '')
        .replaceAll(/<\/?(details|summary)>/g, '');
      expect([name, /<[a-z/!]/i.exec(prose)?.[0]]).toEqual([name, undefined]);
      expect([name, /(?<!\\)\]\(|:\/\/|@\w|(?<!\\)`/.exec(prose)?.[0]]).toEqual([name, undefined]);
      for (const table of prose.match(/(^\|.*\n)+/gm) ?? []) {
        const widths = table
          .trim()
          .split('\n')
          .map((row) => row.replaceAll(/\\\|/g, '').split('|').length);
        expect([name, new Set(widths).size]).toEqual([name, 1]);
      }
    }
  });

  it('is no formula in any cell of a CSV file', () => {
    for (const { name, content } of of(/\.csv /)) {
      const rows: string[][] = parse(content, { relax_column_count: false });
      for (const cell of rows.flat()) {
        if (cell !== '' && Number.isFinite(Number(cell))) continue;
        expect([name, cell]).toEqual([name, expect.not.stringMatching(/^[=+\-@\t\r]/)]);
      }
    }
  });

  it('leaves XML and JSON whole, JSON with the very text', () => {
    for (const { content } of of(/\.xml /)) expect(parseXml(content).children.length).toBeGreaterThan(0);
    for (const { name, content } of of(/\.json /))
      expect([name, JSON.stringify(JSON.parse(content)).includes('\u009b5A\u202ereversed')]).toEqual([
        name,
        true,
      ]);
  });

  it('adds no element to a page', () => {
    for (const { name, content } of of(/\.html /)) {
      const scripts = content.match(/<script/g)?.length ?? 0;
      expect([name, scripts]).toEqual([name, name.includes('report') ? 1 : 0]);
      expect([
        name,
        /<(img|iframe|form|object|embed|base|meta http-equiv="refresh)/i.exec(content)?.[0],
      ]).toEqual([name, undefined]);
    }
  });
});

describe.skipIf(chromiumPath === undefined)('pages with hostile text in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  it('run nothing of it, ask for nothing and complain of nothing', async () => {
    for (const { name, content } of of(/\.html 0$/)) {
      const { page, complaints, requests } = await openReport(browser, content);
      expect([name, await page.evaluate('"pwned" in globalThis')]).toEqual([name, false]);
      expect([
        name,
        await page.locator('img, iframe, form, script[src], link[rel=stylesheet]').count(),
      ]).toEqual([name, 0]);
      expect([name, complaints, requests]).toEqual([name, [], []]);
      await page.close();
    }
  }, 60_000);
});
