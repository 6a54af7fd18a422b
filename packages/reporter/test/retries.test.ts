import { expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderTagsCsv } from '../src/csv/tags.ts';
import { renderHtml, renderMarkdown, renderText } from '../src/index.ts';
import { runResult } from './fixtures/run-result.ts';

/** @param retries of the first operation; null: not known, as in a k6 run */
function withRetries(retries: number | null): RunResult {
  const { operations, totals } = runResult();
  const [first, ...rest] = operations;
  const others = rest.map((stats) => ({ ...stats, retries: retries === null ? null : 0 }));
  return runResult({
    overrides: { operations: [{ ...first!, retries }, ...others], totals: { ...totals, retries } },
  });
}

const textRows = (result: RunResult): string[] => renderText(result, { width: 120 }).split('\n');
/** The rows of the operations table, as the texts of their cells. */
function htmlRows(result: RunResult): string[][] {
  const html = renderHtml(result);
  const table = /id="operations"[^]*?<\/table>/.exec(html)![0];
  return table
    .split('<tr')
    .slice(1)
    .map((row) =>
      row
        .split(/<t[hd]/)
        .slice(1)
        .map((cell) => cell.replaceAll(/^[^>]*>|<[^>]+>/g, '').trim()),
    );
}

it('shows what was sent again in the table of the terminal, where there is any', () => {
  const rows = textRows(withRetries(4321));
  const heading = rows.find((row) => row.includes('retried'))!;
  const end = heading.indexOf('retried') + 'retried'.length;
  const cellOf = (row: string): string | undefined => row.slice(0, end).split(/\s+/).at(-1);
  const total = rows.find((row) => /^ *all /.test(row))!;
  const counts = rows.slice(rows.indexOf(heading) + 1, rows.indexOf(total)).map(cellOf);
  expect(counts.filter((count) => count === '4,321')).toHaveLength(1);
  expect(cellOf(total)).toBe('4,321');
  for (const none of [0, null]) expect(renderText(withRetries(none))).not.toContain('retried');
});

it('shows it in the table of the page, and that it is not known', () => {
  const column = (result: RunResult): string[] => {
    const [heading, ...rows] = htmlRows(result);
    const at = heading!.indexOf('Retried');
    expect(at).toBeGreaterThan(0);
    return rows.filter((row) => row.length === heading!.length).map((row) => row[at]!);
  };
  const some = column(withRetries(4321));
  expect([some[0], some.at(-1)]).toEqual(['4,321', '4,321']);
  expect(new Set(some.slice(1, -1))).toEqual(new Set(['0']));
  expect(new Set(column(withRetries(0)))).toEqual(new Set(['0']));
  const unknown = new Set(column(withRetries(null)));
  expect(unknown.size).toBe(1);
  expect(unknown).not.toContain('0');
});

it('shows it in Markdown, where there is any', () => {
  const rows = renderMarkdown(withRetries(4321)).split('\n');
  const cells = (row: string): string[] => row.split('|').map((each) => each.trim());
  const heading = cells(rows.find((row) => row.includes('| retried'))!);
  const at = heading.indexOf('retried');
  const total = rows.find((row) => row.includes('**all**'))!;
  expect(cells(total)[at]).toBe('4,321');
  for (const none of [0, null]) expect(renderMarkdown(withRetries(none))).not.toContain('retried');
});

it('shows it by tag in every view, N/A where it is not known', () => {
  const { responseTime, serviceTime } = runResult().totals;
  const tag = { tag: 'page', requests: 5000, failed: 0, failureShare: 0, requestsPerSecond: 5 };
  const row = (value: string, retries?: number) => ({
    ...tag,
    value,
    responseTime,
    serviceTime,
    ...(retries === undefined ? {} : { retries }),
  });
  const result = runResult({ overrides: { tags: [row('cart', 4321), row('old')] } });
  const csv = renderTagsCsv(result)!.trim().split('\n');
  expect(csv.map((line) => line.trim().split(',').at(-1))).toEqual(['Retry Count', '4321', 'N/A']);
  for (const text of [renderText(result, { width: 120 }), renderMarkdown(result), renderHtml(result)])
    expect(text).toContain('4,321');
  const plain = runResult({ overrides: { tags: [row('cart', 0)] } });
  for (const text of [renderText(plain, { width: 120 }), renderMarkdown(plain)])
    expect(text).not.toContain('retried');
});

it('shows it among the key figures, where there is any', () => {
  expect(renderHtml(withRetries(4321))).toContain('sent again, unread by the server');
  for (const none of [0, null])
    expect(renderHtml(withRetries(none))).not.toContain('sent again, unread by the server');
});
