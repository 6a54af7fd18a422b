import type { RunResult } from '@jarvis-load/engine/result';
import { describe, expect, it } from 'vitest';
import { renderMarkdown, renderText } from '../src/index.ts';
import { overTimeCharts } from '../src/html/sections/over-time.ts';
import { richRun } from './fixtures/rich-run.ts';

const rich = await richRun();
const COPIES = 80;

function copies<T>(items: readonly T[], renamed: (item: T, copy: number) => T): T[] {
  const [first] = items;
  if (first === undefined) throw new Error('the document has none of them');
  return Array.from({ length: COPIES }, (_, copy) => renamed(first, copy));
}

/** Eighty of everything that views list. */
const long: RunResult = {
  ...rich,
  operations: copies(
    rich.operations.filter(({ streams }) => streams !== undefined),
    (each, copy) => ({ ...each, operation: `chat ${copy}` }),
  ),
  tags: copies(rich.tags ?? [], (each, copy) => ({ ...each, value: `page ${copy}` })),
  errors: copies(rich.errors, (each, copy) => ({ ...each, message: `cause ${copy}` })),
  exceptions: copies(rich.exceptions, (each, copy) => ({ ...each, message: `thrown ${copy}` })),
  traces: { ...rich.traces!, slowest: copies(rich.traces!.slowest, (each) => each) },
};

describe('a list that is too long for a view', () => {
  it.each([
    ['tags', 'TAGS', '60 more in tags.csv'],
    ['errors', 'ERRORS', '74 more kinds of error are in the report'],
    ['exceptions', 'EXCEPTIONS', '74 more kinds of exception are in the report'],
    ['traced requests', 'SLOWEST TRACED REQUESTS', '75 more are in the report'],
  ])('says in the terminal how many %s it leaves out', (_what, title, sign) => {
    const sections = renderText(long).split('\n\n');
    expect(sections.find((section) => section.trim().startsWith(title))).toContain(sign);
  });

  it.each([
    ['operations', '#### Operations', '20 more operations are in the report'],
    ['streams', '#### Streams', '20 more operations are in the report'],
    ['tags', '#### Tags', '20 more, in tags.csv'],
    ['errors and exceptions', '#### Errors', '154 more, in the report'],
    ['traced requests', '<details><summary>Slowest', '75 more, in the report'],
  ])('says in Markdown how many %s it leaves out', (_what, title, sign) => {
    const text = renderMarkdown(long).replaceAll('\\', '');
    const from = text.indexOf(title);
    expect(from).toBeGreaterThan(-1);
    expect(text.slice(from).split(/\n(?=#### |<details>)/)[0]).toContain(sign);
  });

  it('says in the report how many metrics have no chart', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const mean = { count: 1, mean: 1 };
    const metric = { kind: 'trend', unit: '', scenario: null, values: {}, rejected: 0 } as const;
    const charts = overTimeCharts({
      ...rich,
      metrics: names.map((name) => ({ ...metric, name })),
      series: {
        ...rich.series,
        points: rich.series.points.map((point) => ({
          ...point,
          trends: Object.fromEntries(names.map((name) => [name, mean])),
        })),
      },
    });
    expect(charts.at(-1)?.caption).toContain('2 more metrics have no chart');
  });
});
