import { formatCount, formatNumber } from '@jarvis-load/engine/result';
import type { Browser } from 'playwright-core';
import { getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../src/index.ts';
import { chromiumPath, launch, openReport } from './browser.ts';
import { runResult } from './fixtures/run-result.ts';

/** A text on a page: from its left edge, points from the top of the page. */
interface Printed {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** Of a page in the form of pdf.js; marks of its content have no text. */
interface Item {
  readonly str?: string;
  readonly width?: number;
  /** The last two are the place of its lower left corner. */
  readonly transform?: readonly number[];
}

const A4 = { width: 595, height: 842 } as const;
const MARGIN_MM = 12;
const MARGIN = (MARGIN_MM / 25.4) * 72;
/** Operations of a run: so many that the table of them takes more than a page. */
const MANY = 60;

/** Prints a report as the browser does, and reads the texts of each page. */
async function printed(browser: Browser, html: string): Promise<readonly (readonly Printed[])[]> {
  const { page } = await openReport(browser, html);
  const margin = `${MARGIN_MM}mm`;
  const bytes = await page.pdf({
    format: 'A4',
    margin: { top: margin, right: margin, bottom: margin, left: margin },
  });
  await page.close();
  const pdf = await getDocumentProxy(new Uint8Array(bytes));
  const pages: Printed[][] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = (await (await pdf.getPage(number)).getTextContent()) as { items: readonly Item[] };
    pages.push(
      items.flatMap(({ str = '', width = 0, transform = [] }) => {
        const [, , , , left = 0, bottom = 0] = transform;
        const text = str.trim();
        return text === '' ? [] : { text, left, right: left + width, top: A4.height - bottom };
      }),
    );
  }
  return pages;
}

const textOf = (page: readonly Printed[]): string => page.map(({ text }) => text).join(' ');

function manyOperations() {
  const result = runResult({ durationMs: 8000 });
  const [first] = result.operations;
  const operations = Array.from({ length: MANY }, (_, index) => ({
    ...first!,
    operation: `service.resource${index}`,
    requests: 1000 + index,
  }));
  return { ...result, operations };
}

describe.skipIf(chromiumPath === undefined)('the report on paper', { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });

  it('has the head of a table on each page of it, each row once, and every column', async () => {
    const result = manyOperations();
    const pages = await printed(browser, renderHtml(result));
    const rows = result.operations.map(({ operation, requests }) => ({ operation, requests }));
    // A row has its name and its count at the same height.
    const found = pages.map((page) =>
      rows.filter(({ operation, requests }) => {
        const name = page.find(({ text, left }) => text === operation && left < 200);
        return page.some(
          ({ text, top }) => text === formatCount(requests) && Math.abs(top - (name?.top ?? -99)) < 3,
        );
      }),
    );
    expect(found.flat().map(({ operation }) => operation)).toEqual(rows.map(({ operation }) => operation));
    const withRows = pages.filter((_, index) => found[index]!.length > 0);
    expect(withRows.length).toBeGreaterThanOrEqual(2);
    for (const page of withRows)
      for (const head of ['Operation', 'Count', 'Failed', 'p95', 'p99.9', 'Max', 'Body'])
        // Its unit may stand on a line of its own.
        expect(
          page.map(({ text }) => text.replace(/ ms$/, '')),
          head,
        ).toContain(head);
    // The last column is there in full: the body of an answer, in bytes.
    const longest = result.operations[0]!.responseTime;
    expect(textOf(withRows[0]!)).toContain(formatNumber(longest.maxMs));
  });

  it('cuts nothing at the edges of the paper', async () => {
    const trouble = { slowdown: 3, fromMs: 10_000, outcomes: { server_error: 0.05 } };
    for (const result of [manyOperations(), runResult({ trouble })])
      for (const [number, page] of (await printed(browser, renderHtml(result))).entries()) {
        const outside = page.filter(({ left, right }) => left < MARGIN - 2 || right > A4.width - MARGIN + 2);
        expect(outside.map(({ text }) => `page ${number + 1}: ${text}`)).toEqual([]);
      }
  });

  it('keeps an operation with its charts, and a heading with what it is about', async () => {
    const trouble = { slowdown: 3, fromMs: 10_000, outcomes: { server_error: 0.05 } };
    const result = runResult({ trouble });
    const pages = await printed(browser, renderHtml(result));
    const summary = /^(.*·)? *[\d,]+ requests, [\d,]+ failed$/;
    let operations = 0;
    for (const page of pages) {
      const count = (text: string | RegExp): number =>
        page.filter((each) => (typeof text === 'string' ? each.text === text : text.test(each.text))).length;
      const headings = count(summary);
      operations += headings;
      // Each operation has a chart over time; the first page has that of the run.
      const charts = count('Response time, ms') - (page === pages[0] ? 1 : 0);
      expect(charts, textOf(page).slice(0, 200)).toBe(headings);
      const lowest = page.reduce((last, each) => (each.top > last.top ? each : last), page[0]!);
      expect(lowest.text).not.toMatch(/^(Operations|Errors|Percentiles|Metrics|Checks|Environment)/);
    }
    expect(operations).toBe(new Set(result.operations.map(({ operation }) => operation)).size);
  });
});
