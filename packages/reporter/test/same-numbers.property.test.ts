import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { renderMarkdown, renderStatsCsv, renderText } from '../src/index.ts';
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
      const at = new Map(columns.map(({ title }, index) => [title.toLowerCase(), index]));
      const html = rows.map(({ cells }) => SHARED.map((name) => cells[at.get(name)!]!.text));
      expect(markdown.map((row) => SHARED.map((name) => row[name]))).toEqual(html);
      const lines = renderText(result, { width: 120 }).split('\n');
      const start = lines.findIndex((line) => line.includes('OPERATIONS'));
      const shown = lines.slice(start + 1).map((line) => line.trim().split(/\s+/).map(plain));
      for (const row of html) {
        const found = shown.some((cells) => row.every((value) => cells.includes(value)));
        expect(found, row.join(' ')).toBe(true);
      }
      const csv: Record<string, string>[] = parse(renderStatsCsv(result), { columns: true });
      const counts = csv.map((row) => Number(row['Request Count'])).toSorted((a, b) => a - b);
      const told = [...result.operations, result.totals].map(({ requests }) => requests);
      expect(counts).toEqual(told.toSorted((a, b) => a - b));
    }),
    { numRuns: 25 },
  );
});
