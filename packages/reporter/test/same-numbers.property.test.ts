import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { formatMeasured, formatNumber, type RunResult } from '@jarvis-load/engine/result';
import { metricsTables } from '../src/html/sections/metrics-tables.ts';
import { promisesTables } from '../src/html/sections/promises-table.ts';
import { renderJunit, renderMarkdown, renderStatsCsv, renderText } from '../src/index.ts';
import { renderK6Summary } from '../src/k6/render-k6-summary.ts';
import { operationsTable } from '../src/html/sections/operations-table.ts';
import { runResult } from './fixtures/run-result.ts';

const SHARED = ['count', 'req/s', 'failed', 'p50', 'p95', 'p99', 'max'];

/** Rows of the table of operations, by column. */
function inMarkdown(markdown: string): Record<string, string>[] {
  const table = markdown.split('\n\n').find((block) => block.startsWith('| operation')) ?? '';
  const [head, , ...rows] = table.split('\n').map((line) => line.split(' | ').map(plain));
  return rows.map((row) => Object.fromEntries((head ?? []).map((name, index) => [name, row[index] ?? ''])));
}

/** Without Markdown and marks of few samples. */
function plain(cell: string): string {
  return cell
    .replace(/^\| | \|$/g, '')
    .replace(/\\?[~≥]/g, '')
    .replaceAll('\\', '')
    .replace('&lt;', '<')
    .replace('&gt;', '>');
}

/** A value with as many decimals as a text has: to the digit shown. */
function rounded(value: number, shown: string): number {
  return Number(value.toFixed(/\.(\d+)/.exec(shown)?.[1]?.length ?? 0));
}

it('every figure of an operation is the same in terminal, Markdown, HTML and CSV, to the digit shown', () => {
  const trouble = fc.record({
    slowdown: fc.double({ min: 0.01, max: 50, noNaN: true }),
    fromMs: fc.nat(8000),
    outcomes: fc.record({
      server_error: fc.double({ min: 0, max: 0.5, noNaN: true }),
      rate_limited: fc.constantFrom(0, 0.3),
    }),
  });
  fc.assert(
    fc.property(trouble, fc.integer({ min: 1, max: 8 }), (given, seconds) => {
      const result = runResult({ durationMs: seconds * 1000, trouble: given });
      const markdown = inMarkdown(renderMarkdown(result));
      const { columns, rows } = operationsTable(result);
      const at = new Map(columns.map(({ title }, index) => [title.toLowerCase().replace(/ ms$/, ''), index]));
      const html = rows.map(({ cells }) => SHARED.map((name) => cells[at.get(name)!]!.text));
      expect(markdown.map((row) => SHARED.map((name) => row[name]))).toEqual(html);
      const lines = renderText(result, { width: 120 }).split('\n');
      const start = lines.findIndex((line) => line.includes('OPERATIONS'));
      const shown = lines.slice(start + 1).map((line) => line.trim().split(/\s+/).map(plain));
      for (const row of html) {
        const found = shown.some((cells) => row.every((value) => cells.includes(value)));
        expect(found, row.join(' ')).toBe(true);
      }
      // Of scenarios with an operation of the same name, the first: CSV has Locust's rows, which add them up by route.
      const csv: Record<string, string>[] = parse(renderStatsCsv(result), { columns: true });
      const counts = csv.map((row) => Number(row['Request Count'])).toSorted((a, b) => a - b);
      const told = [...result.operations, result.totals].map(({ requests }) => requests);
      expect(counts).toEqual(told.toSorted((a, b) => a - b));
      const sums = csv.find(({ Name }) => Name === 'Aggregated') ?? {};
      const { totals } = result;
      const inCsv = [
        ['Request Count', totals.requests],
        ['Failure Count', totals.failed],
        ['50%', totals.responseTime.percentiles.p50],
        ['95%', totals.responseTime.percentiles.p95],
        ['99%', totals.responseTime.percentiles.p99],
        ['Max Response Time', totals.responseTime.maxMs],
      ] as const;
      for (const [name, value] of inCsv)
        expect([name, Number(sums[name])]).toEqual([name, rounded(value ?? Number.NaN, sums[name] ?? '')]);
    }),
    { numRuns: 25 },
  );
});

it('every threshold, objective and metric is the same in terminal, Markdown, HTML, JUnit and k6-summary', () => {
  const given = fc.record({
    measured: fc.double({ min: 0.001, max: 99_999, noNaN: true }),
    limit: fc.double({ min: 0.001, max: 99_999, noNaN: true }),
    status: fc.constantFrom('pass' as const, 'fail' as const),
    values: fc.record({
      avg: fc.double({ min: 0, max: 99_999, noNaN: true }),
      med: fc.double({ min: 0, max: 99_999, noNaN: true }),
      'p(95)': fc.double({ min: 0, max: 99_999, noNaN: true }),
      max: fc.double({ min: 0, max: 99_999, noNaN: true }),
    }),
  });
  fc.assert(
    fc.property(given, ({ measured, limit, status, values }) => {
      const metric = 'spoken_words';
      const expression = `p(95)<${limit}`;
      const base = runResult({ durationMs: 1000 });
      const result: RunResult = {
        ...base,
        thresholds: [
          {
            metric,
            expression,
            scenario: null,
            status,
            measured,
            limit,
            unit: 'ms',
            samples: 500,
            samplesNeeded: 20,
            lowSamples: false,
            aborted: false,
          },
        ],
        metrics: [
          {
            name: metric,
            kind: 'trend',
            unit: 'ms',
            scenario: null,
            values: { count: 500, ...values },
            rejected: 0,
          },
        ],
      };
      const shown = formatMeasured(measured, limit, 'ms');
      const views = {
        text: renderText(result, { width: 120 }),
        markdown: renderMarkdown(result).replaceAll('\\', ''),
        html: JSON.stringify(promisesTables(result)),
        junit: renderJunit(result),
      };
      for (const [view, text] of Object.entries(views)) {
        if (view === 'junit' && status === 'pass') continue;
        expect([view, text.includes(shown)]).toEqual([view, true]);
      }
      const html = JSON.stringify(metricsTables(result).own);
      const terminal = renderText(result, { width: 120, columns: 'k6' });
      const k6 = (JSON.parse(renderK6Summary(result)) as { metrics: Record<string, Record<string, unknown>> })
        .metrics[metric];
      for (const [name, value] of Object.entries(values)) {
        expect([name, html.includes(`"${formatNumber(value)}"`)]).toEqual([name, true]);
        expect([name, terminal.split(/\s+/).includes(formatNumber(value))]).toEqual([name, true]);
        expect([name, k6?.[name]]).toEqual([name, value]);
      }
      expect(k6?.['thresholds']).toEqual({ [expression]: status === 'fail' });
    }),
    { numRuns: 15 },
  );
});
