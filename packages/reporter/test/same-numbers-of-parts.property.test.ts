import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatCount,
  formatLatency,
  formatMeasured,
  formatNumber,
  formatShare,
  type ErrorGroup,
  type ObjectiveResult,
  type RunResult,
} from '@jarvis-load/engine/result';
import { Arrows } from '../src/comparison/arrow.ts';
import { checksTables } from '../src/html/sections/checks-tables.ts';
import { errorsTable } from '../src/html/sections/errors-table.ts';
import { keyFigures } from '../src/html/sections/key-figures.ts';
import { overTimeCharts } from '../src/html/sections/over-time.ts';
import { promisesTables } from '../src/html/sections/promises-table.ts';
import {
  renderFailuresCsv,
  renderHistoryCsv,
  renderHtml,
  renderJunit,
  renderMarkdown,
  renderStatsCsv,
  renderText,
} from '../src/index.ts';
import { runResult } from './fixtures/run-result.ts';

const base = runResult({ durationMs: 2000 });
const wide = (result: RunResult): string => renderText(result, { width: 120 });
const markdownOf = (result: RunResult): string =>
  renderMarkdown(result).replaceAll('\\', '').replaceAll('&lt;', '<').replaceAll('&gt;', '>');

const UNITS = {
  p50: 'ms',
  p95: 'ms',
  p99: 'ms',
  errorRate: 'share',
  requestsPerSecond: 'per second',
} as const satisfies Record<ObjectiveResult['aspect'], string>;

it('every objective is the same in terminal, Markdown, HTML and JUnit, to the digit shown', () => {
  const value = (aspect: ObjectiveResult['aspect']) =>
    aspect === 'errorRate'
      ? fc.double({ min: 0.0001, max: 0.99, noNaN: true })
      : fc.double({ min: 0.001, max: 99_999, noNaN: true });
  const given = fc
    .constantFrom(...(Object.keys(UNITS) as ObjectiveResult['aspect'][]))
    .chain((aspect) =>
      fc.record({ aspect: fc.constant(aspect), measured: value(aspect), limit: value(aspect) }),
    );
  fc.assert(
    fc.property(given, fc.constantFrom('pass' as const, 'fail' as const), (values, status) => {
      const [first] = base.objectives;
      const result = { ...base, thresholds: [], objectives: [{ ...first!, ...values, status }] };
      const shown = formatMeasured(values.measured, values.limit, UNITS[values.aspect]);
      const views = {
        text: wide(result),
        html: JSON.stringify(promisesTables(result)),
        markdown: markdownOf(result),
        junit: renderJunit(result).replaceAll('&lt;', '<'),
      };
      for (const [view, text] of Object.entries(views))
        expect([view, text.includes(shown)]).toEqual([view, true]);
    }),
    { numRuns: 40 },
  );
});

it('every count of errors is the same in terminal, Markdown, HTML and CSV', () => {
  const group = (count: number, index: number): ErrorGroup => ({
    scenario: 'chat',
    operation: 'chat.send',
    method: 'POST',
    route: '/chat',
    outcome: 'server_error',
    code: `status_${500 + index}`,
    message: `failed ${index}`,
    count,
    firstSeen: base.run.startedAt,
    lastSeen: base.run.startedAt,
    example: {
      atMs: 5,
      user: 1,
      iteration: 1,
      request: 'POST /chat',
      status: 500,
      message: 'failed',
      body: '',
    },
  });
  const counts = fc.array(fc.integer({ min: 1, max: 9_999_999 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(counts, fc.oneof(fc.nat(1), fc.nat(5000)), (given, errorsNotKept) => {
      const errors = given.map(group);
      const result = { ...base, errors, errorsNotKept };
      const [text, markdown] = [wide(result), markdownOf(result)];
      const html = errorsTable(result).rows.map(({ cells }) => [cells[1]!.sub, cells[3]!.text]);
      const csv: Record<string, string>[] = parse(renderFailuresCsv(result), { columns: true });
      expect(html).toEqual(errors.map(({ code, count }) => [code, formatCount(count)]));
      for (const { code, count, message } of errors) {
        const pattern = new RegExp(`(^|[^\\d,])${formatCount(count)} × .*${code}`, 'm');
        expect([code, pattern.test(text), pattern.test(markdown)]).toEqual([code, true, true]);
        const row = csv.find((each) => each['Error'] === `server_error ${code}: ${message}`);
        expect([code, Number(row?.['Occurrences'])]).toEqual([code, count]);
      }
      if (errorsNotKept > 0)
        for (const view of [text, markdown, renderHtml(result)])
          expect(view).toContain(
            `${formatCount(errorsNotKept)} failed ${errorsNotKept === 1 ? 'request was' : 'requests were'} of other kinds`,
          );
      const sum = csv.reduce((total, row) => total + Number(row['Occurrences']), 0);
      expect(sum).toBe(given.reduce((total, count) => total + count, errorsNotKept));
    }),
    { numRuns: 25 },
  );
});

it('every check is the same in terminal, HTML and JUnit, to the digit shown', () => {
  fc.assert(
    fc.property(fc.nat(99_999), fc.nat(99_999), (passes, fails) => {
      const result = { ...base, checks: [{ scenario: 'chat', name: 'has a reply', passes, fails }] };
      const total = passes + fails;
      const share = total === 0 ? 'no data' : formatShare(passes / total);
      const { failed, passed } = checksTables(result);
      const [row] = [...failed.rows, ...passed.rows];
      expect(row!.cells.slice(2).map(({ text }) => text)).toEqual([
        share,
        formatCount(passes),
        formatCount(fails),
      ]);
      const line = wide(result)
        .split('\n')
        .find((each) => each.includes('has a reply'));
      expect(line).toContain(share);
      if (fails > 0) expect(line).toContain(`${formatCount(fails)} of ${formatCount(total)} failed`);
      if (fails > 0)
        expect(renderJunit(result)).toContain(
          `${formatCount(fails)} of ${formatCount(total)} failed, ${formatShare(passes / total).replace('<', '&lt;')} passed`,
        );
    }),
    { numRuns: 40 },
  );
});

const trouble = fc.record({
  slowdown: fc.double({ min: 0.01, max: 50, noNaN: true }),
  fromMs: fc.nat(8000),
  outcomes: fc.record({
    server_error: fc.double({ min: 0, max: 0.5, noNaN: true }),
    rate_limited: fc.constantFrom(0, 0.3),
  }),
});

it('the key figures of the report are those of its totals, in the page as they are made', () => {
  fc.assert(
    fc.property(trouble, fc.integer({ min: 1, max: 6 }), (given, seconds) => {
      const result = runResult({ durationMs: seconds * 1000, trouble: given });
      const { totals } = result;
      const figures = keyFigures(result, new Arrows(undefined));
      const { p50, p95, p99 } = totals.responseTime.percentiles;
      expect(figures.slice(0, 5).map(({ value }) => value)).toEqual([
        formatNumber(totals.requestsPerSecond),
        formatShare(totals.failureShare),
        ...[p50, p95, p99].map(formatLatency),
      ]);
      const page = renderHtml(result).replaceAll('&lt;', '<');
      for (const { label, value, sub } of figures) {
        const shown = new RegExp(
          `<dt>${label}</dt>\\s*<dd><strong[^>]*>([^<]*|<0.01%)</strong>[^]*?<small>([^<]*)`,
        );
        expect(shown.exec(page)?.slice(1)).toEqual([value, sub]);
      }
    }),
    { numRuns: 8 },
  );
});

it('every row of history.csv is that of the series, its charts and, at the end, stats.csv', () => {
  fc.assert(
    fc.property(trouble, fc.integer({ min: 1, max: 8 }), (given, seconds) => {
      const result = runResult({ durationMs: seconds * 1000, trouble: given });
      const { points } = result.series;
      const rows: Record<string, string>[] = parse(renderHistoryCsv(result), { columns: true });
      expect(rows).toHaveLength(points.length);
      const [throughput] = overTimeCharts(result);
      const drawn = (throughput!.table ?? '').split('<tr>').slice(2);
      const outcomes = throughput!.legend.map(({ name }) => name.replaceAll(' ', '_') as 'ok');
      expect(drawn).toHaveLength(points.length);
      for (const [index, point] of points.entries()) {
        const row = rows[index]!;
        const perSecond = (point.requests * 1000) / point.durationMs;
        expect(Number(row['Requests/s'])).toBeCloseTo(perSecond, 5);
        const cells = drawn[index]!.split('<td>')
          .slice(1)
          .map((cell) => cell.replace(/<.*/, ''));
        const ofOutcomes = outcomes.map((name) => (point.outcomes[name] * 1000) / point.durationMs);
        expect(cells).toEqual(ofOutcomes.map((rate) => formatNumber(Math.round(rate * 1000) / 1000)));
        expect(ofOutcomes.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(perSecond, 5);
        for (const name of ['50%', '95%', '99%'] as const) {
          const value = point.responseTime.percentiles[`p${name.replace('%', '')}` as 'p50'];
          expect([name, row[name]]).toEqual([name, value === null ? 'N/A' : String(value)]);
        }
      }
      const stats: Record<string, string>[] = parse(renderStatsCsv(result), { columns: true });
      const sums = stats.find(({ Name }) => Name === 'Aggregated')!;
      expect(rows.at(-1)!['Total Request Count']).toBe(sums['Request Count']);
      expect(rows.at(-1)!['Total Failure Count']).toBe(sums['Failure Count']);
    }),
    { numRuns: 10 },
  );
});
