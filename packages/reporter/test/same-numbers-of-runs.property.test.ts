import {
  changesOver,
  compareRuns,
  DEFAULT_TOLERANCES,
  figureOf,
  FURTHER,
  METRICS,
  spreadOfRuns,
} from '@jarvis-load/compare';
import type { Comparison, Finding, FurtherMetric, Metric, MetricComparison } from '@jarvis-load/compare';
import { formatCount, formatMeasure, formatNumber, formatShare } from '@jarvis-load/engine/result';
import type { RunResult } from '@jarvis-load/engine/result';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import {
  renderComparisonAnnotations,
  renderComparisonHtml,
  renderComparisonJson,
  renderComparisonMarkdown,
  renderComparisonText,
  renderHistoryHtml,
  renderHistoryText,
  renderHtml,
  renderMarkdown,
  renderSpreadText,
  renderText,
} from '../src/index.ts';
import { renderStreamsCsv } from '../src/csv/streams.ts';
import { streamsTable } from '../src/html/sections/streams-table.ts';
import { runResult } from './fixtures/run-result.ts';
import { latencyStats } from './fixtures/samples.ts';
import { htmlRows, markdownRows } from './fixtures/table-cells.ts';

const UNITS = {
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  errors: 'share',
  throughput: 'per second',
  mean: 'ms',
  'p99.9': 'ms',
  max: 'ms',
} as const;
const FINDINGS: readonly Finding[] = ['worse', 'better', 'no-difference', 'cannot-tell'];

const positive = fc.double({ min: 0.001, max: 99_999, noNaN: true });
const change = fc.double({ min: -0.99, max: 20, noNaN: true });
const figuresOf = <M extends Metric | FurtherMetric>(metrics: readonly M[]) =>
  fc.tuple(
    ...metrics.map((metric) =>
      fc.record({
        metric: fc.constant(metric),
        base: fc.option(metric === 'errors' ? fc.double({ min: 0.01, max: 0.99, noNaN: true }) : positive),
        new: fc.option(metric === 'errors' ? fc.double({ min: 0.01, max: 0.99, noNaN: true }) : positive),
        change: fc.option(change),
        interval: fc.option(fc.tuple(change, change)),
        finding: fc.constantFrom(...FINDINGS),
        atMost: fc.double({ min: 0, max: 0.25, noNaN: true }),
        reason: fc.constant(null),
      }),
    ),
  );
const figures = figuresOf(METRICS);
const further = figuresOf(FURTHER);

function run(seed: number, factor = 1): RunResult {
  const made = simulatedRun({
    seed,
    operations: 2,
    seconds: 8,
    rate: 12,
    sigma: 0.4,
    errorShare: 0.05,
    factors: { 1: factor },
  });
  const startedAt = new Date(Date.UTC(2026, 10, 1, 0, seed)).toISOString();
  return { ...made, run: { ...made.run, id: `run-${seed}`, startedAt } };
}

const [base, slow] = [run(1), run(2, 1.5)];
const template = compareRuns([base], [slow]);

/** What a text says of a change: its sign and size, of more than tenfold that it is more. */
function shownChange({ metric }: MetricComparison<Metric | FurtherMetric>, value: number): string {
  const size = (of: number) => {
    const percent = Math.abs(of) * 100;
    const text = Number(percent.toFixed(percent >= 10 ? 0 : percent >= 1 ? 1 : 2)).toLocaleString('en-US');
    return metric === 'errors' ? `${text} points` : `${text}%`;
  };
  if (value > 10) return `> +${size(10)}`;
  return `${/^0[ %]/.test(size(value)) ? '±' : value < 0 ? '−' : '+'}${size(value)}`;
}

describe('every figure of a comparison', () => {
  it('is the same in text, Markdown, HTML and annotations as in JSON, to the digit shown', () => {
    fc.assert(
      fc.property(figures, figures, further, (total, first, beyond) => {
        const made = { ...template, finding: 'worse' as const };
        const comparison = {
          ...made,
          total: { ...made.total, metrics: total, further: beyond },
          operations: made.operations.map((each, index) =>
            index === 0 ? { ...each, metrics: first } : each,
          ),
        };
        const read = JSON.parse(renderComparisonJson(comparison)) as Comparison;
        const text = renderComparisonText(comparison, { width: 120 });
        const sentences = text.replaceAll(/\n {3,}/g, ' ');
        const markdown = renderComparisonMarkdown(comparison);
        const cells = markdownRows(markdown, /^\| {2}\| p50/);
        const intervals = markdownRows(markdown, /^\| {2}\| figure/);
        const html = htmlRows(
          renderComparisonHtml(comparison, { base: [base], new: [slow] }),
          'Changes per operation',
        );
        const inFolded = htmlRows(
          renderComparisonHtml(comparison, { base: [base], new: [slow] }),
          'Further response times',
        );
        const annotations = renderComparisonAnnotations([{ comparison, level: 'error' }]).join('\n');
        const rows = [read.total, ...read.operations];
        expect(rows).toHaveLength(3);
        for (const { operation, metrics, further: others } of rows) {
          const name = operation === '*' ? 'all' : operation;
          const inHtml = html.find(([head]) => head === name) ?? [];
          const inText = text.split('\n').find((line) => line.startsWith(`  ${name} `)) ?? '';
          for (const row of others) {
            const sides = `${formatMeasure(row.base, 'ms')} → ${formatMeasure(row.new, 'ms')}`;
            const between = row.interval?.map((end) => shownChange(row, end)).join(' to ');
            expect(inFolded.find(([head]) => head === name)).toEqual(
              expect.arrayContaining([sides, ...(between === undefined ? [] : [between])]),
            );
            expect(intervals).toContainEqual([name, row.metric, sides, between ?? '–', row.reason ?? '']);
          }
          for (const [index, row] of metrics.entries()) {
            const unit = UNITS[row.metric];
            const sides = `${formatMeasure(row.base, unit)} → ${formatMeasure(row.new, unit)}`;
            const between = row.interval?.map((end) => shownChange(row, end)).join(' to ');
            const cell = cells.find(([head]) => head === name)?.[index + 1] ?? '';
            const size =
              row.finding === 'no-difference'
                ? shownChange(row, row.atMost ?? 0).replace(/^[+±]/, '')
                : shownChange(row, row.change ?? 0);
            if (row.finding !== 'cannot-tell' || row.change !== null)
              expect([name, row.metric, cell.endsWith(size)]).toEqual([name, row.metric, true]);
            expect(inText).toContain(cell);
            expect(inHtml).toContain(cell);
            expect(inHtml).toContain(sides);
            if (between !== undefined) expect(inHtml).toContain(between);
            expect(intervals).toContainEqual([name, row.metric, sides, between ?? '–', row.reason ?? '']);
            if (row.finding !== 'worse' && row.finding !== 'better') continue;
            const shown = row.change === null ? '' : `, ${shownChange(row, row.change)}`;
            const sentence = `${name} ${row.metric} ${row.finding}: ${sides}${shown} (${between ?? '–'})`;
            if (!/and \d+ more, in the table/.test(text)) expect(sentences).toContain(sentence);
            expect(markdown.replaceAll('\\', '').replaceAll('&gt;', '>').replaceAll('&lt;', '<')).toContain(
              `- ${sentence}`,
            );
            if (row.finding === 'worse' && !annotations.includes('more::'))
              expect(annotations.replaceAll('%25', '%')).toContain(sentence);
          }
        }
      }),
      { numRuns: 5, seed: 14 },
    );
  });

  it('is the figure of the documents that were compared, and stands so beside the figures of the report', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0.3, max: 4, noNaN: true }),
        (seed, factor) => {
          const [old, candidate] = [run(seed), run(seed + 1, factor)];
          const comparison = compareRuns([old], [candidate]);
          const html = htmlRows(renderHtml(candidate, comparison), 'Operations');
          for (const { scenario, operation, metrics, further: others } of comparison.operations) {
            const of = ({ operations }: RunResult) =>
              operations.find((each) => each.scenario === scenario && each.operation === operation)!;
            for (const row of [...metrics, ...others]) {
              expect([row.base, row.new]).toEqual([
                figureOf(of(old), row.metric),
                figureOf(of(candidate), row.metric),
              ]);
              const arrows = html.find(([head]) => head === operation) ?? [];
              if (row.change !== null && row.change !== 0 && row.finding !== 'no-difference')
                expect(arrows.some((text) => text.includes(shownChange(row, row.change!)))).toBe(true);
            }
          }
        },
      ),
      { numRuns: 3, seed: 14 },
    );
  });
});

describe('every figure of a history', () => {
  it('is the same in text and HTML as in the documents, to the digit shown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 2, max: 4, noNaN: true }),
        (seed, factor) => {
          const runs = Array.from({ length: 16 }, (_, index) => run(seed + index, index < 8 ? 1 : factor));
          const changes = changesOver(runs, DEFAULT_TOLERANCES);
          expect(changes.length).toBeGreaterThan(0);
          const text = renderHistoryText(runs, changes, [], { width: 120 });
          const html = renderHistoryHtml(runs, changes, []);
          const rows = htmlRows(html, 'The runs, oldest first');
          for (const {
            run: { id },
            totals,
          } of runs) {
            const { p50, p95, p99 } = totals.responseTimeOk.percentiles;
            const shown = [
              formatCount(totals.requests),
              formatNumber(totals.requestsPerSecond),
              formatShare(totals.failureShare),
              ...[p50, p95, p99].map(formatNumber),
            ];
            expect(rows.find(([head]) => head === id)?.slice(4, 10)).toEqual(shown);
            const line = text.split('\n').find((each) => each.startsWith(`  ${id} `)) ?? '';
            expect(line.replaceAll(/\s+/g, ' ')).toContain(` ${shown.join(' ')}`);
          }
          for (const { metric, before, after } of changes) {
            const levels = `${formatMeasure(before, UNITS[metric])} → ${formatMeasure(after, UNITS[metric])}`;
            expect(text.replaceAll(/\n {3,}/g, ' ')).toContain(levels);
            expect(html).toContain(levels);
          }
          const spread = spreadOfRuns(runs);
          const spreadText = renderSpreadText(spread, runs.length, { width: 120 });
          for (const { mean, least, most, metric } of spread.flatMap((each) => each.figures))
            for (const value of [mean, least, most])
              expect(spreadText).toContain(formatMeasure(value, UNITS[metric]));
        },
      ),
      { numRuns: 2, seed: 14 },
    );
  });
});

describe('every figure of streamed responses', () => {
  it('is the same in terminal, Markdown, HTML and CSV, to the digit shown', () => {
    const times = fc.array(fc.double({ min: 0.01, max: 90_000, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    });
    const given = fc.record({
      streams: fc.integer({ min: 1, max: 1e6 }),
      tokens: fc.nat(1e7),
      tokensPerSecond: positive,
      all: fc.tuple(times, times, times, times, times, times, times),
      goodput: fc.option(
        fc.record({
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          perSecond: positive,
          good: fc.nat(1e6),
          planned: fc.nat(1e6),
        }),
      ),
    });
    const plain = runResult({ durationMs: 1000 });
    fc.assert(
      fc.property(given, ({ streams, tokens, tokensPerSecond, all, goodput }) => {
        const [ttft, ttftSent, ttfo, ttlt, tpot, gap, longestGap] = all.map((values) => latencyStats(values));
        const stats = {
          streams,
          events: tokens,
          parts: tokens,
          tokens,
          inputTokens: null,
          tokensFrom: 'usage',
          tokensPerSecond,
          ttft,
          ttftSent,
          ttfo,
          ttlt,
          tpot,
          gap,
          longestGap,
          ...(goodput === null
            ? {}
            : { goodput: { ...goodput, objectives: ['ttft < 1 s'], low: 0, high: 1 } }),
        } as NonNullable<RunResult['operations'][number]['streams']>;
        const [first, ...others] = plain.operations;
        const result: RunResult = {
          ...plain,
          operations: [{ ...first!, operation: 'talk', streams: stats }, ...others],
        };
        const good = goodput === null ? '–' : formatShare(goodput.share);
        const shown = [
          formatCount(streams),
          ...(['p50', 'p95', 'p99'] as const).map((key) => formatNumber(stats.ttft.percentiles[key])),
          formatNumber(stats.ttlt.percentiles.p95),
          formatNumber(stats.gap.percentiles.p99),
          formatNumber(stats.longestGap.percentiles.p99),
          formatNumber(tokensPerSecond),
          good,
        ];
        const unmarked = (cell: string) => cell.replace(/^[~≥]+/, '');
        const section = /STREAMS[^]*?\n\n/.exec(renderText(result, { width: 120 }))?.[0] ?? '';
        const line = section.split('\n').find((each) => each.startsWith('  talk ')) ?? '';
        expect(line.trim().split(/\s+/).slice(1).map(unmarked)).toEqual(shown);
        const [markdown = []] = markdownRows(renderMarkdown(result), /TTFT p50/);
        expect(markdown.slice(1).map(unmarked)).toEqual(shown);
        const [row] = streamsTable(result)?.rows ?? [];
        const perToken = formatNumber(stats.tpot.percentiles.p50);
        const html = row?.cells.slice(1).map((cell) => unmarked(cell.text));
        expect(html).toEqual([...shown.slice(0, 5), perToken, ...shown.slice(5)]);
        const [csv = {}]: Record<string, string>[] = parse(renderStreamsCsv(result) ?? '', { columns: true });
        const exact = [
          streams,
          stats.ttft.percentiles.p50,
          stats.ttft.percentiles.p95,
          stats.ttft.percentiles.p99,
          stats.ttlt.percentiles.p95,
          stats.gap.percentiles.p99,
          stats.longestGap.percentiles.p99,
          tokensPerSecond,
        ];
        const names = [
          'Streams',
          'TTFT 50%',
          'TTFT 95%',
          'TTFT 99%',
          'TTLT 95%',
          'Gap 99%',
          'Longest Gap 99%',
          'Tokens/s',
        ];
        expect(names.map((name) => Number(csv[name]))).toEqual(exact);
        expect(csv['Good Share']).toBe(goodput === null ? 'N/A' : String(goodput.share));
      }),
      { numRuns: 5, seed: 14 },
    );
  });
});
