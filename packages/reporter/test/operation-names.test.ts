import { changesOver, compareRuns, DEFAULT_TOLERANCES, spreadOfRuns } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import {
  renderAnnotations,
  renderComparisonHtml,
  renderComparisonMarkdown,
  renderComparisonText,
  renderHistoryHtml,
  renderHistoryText,
  renderHtml,
  renderSpreadText,
} from '../src/index.ts';

/** What the operations of a simulated run are in these tests: one is in two scenarios. */
const NAMES: Readonly<Record<string, { readonly scenario: string; readonly operation: string }>> = {
  'operation-1': { scenario: 'chat-user', operation: 'memory.search' },
  'operation-2': { scenario: 'memory', operation: 'memory.search' },
  'operation-3': { scenario: 'chat-user', operation: 'chat.send' },
};

function run(number: number, factor: number, factorOfThird = factor): RunResult {
  const factors = { 0: factor, 1: factor, 2: factorOfThird };
  const made = simulatedRun({ seed: number, operations: 3, seconds: 20, rate: 20, sigma: 0.3, factors });
  const renamed = <T extends { readonly operation: string }>(all: readonly T[]): T[] =>
    all.map((each) => ({ ...each, ...NAMES[each.operation] }));
  const startedAt = new Date(Date.UTC(2026, 10, number)).toISOString();
  return {
    ...made,
    run: { ...made.run, id: `run-${number}`, startedAt },
    operations: renamed(made.operations),
    ...(made.blocks && { blocks: { ...made.blocks, operations: renamed(made.blocks.operations) } }),
  };
}

const runs = Array.from({ length: 20 }, (_, index) => run(index + 1, index < 10 ? 1 : 1.6));
const [base, slow] = [runs[0]!, runs[19]!];
const comparison = compareRuns([base], [slow]);
const changes = changesOver(runs, DEFAULT_TOLERANCES);
const BOTH = ['memory.search (chat-user)', 'memory.search (memory)'];

/** Markdown without its escapes. */
const plain = (markdown: string): string => markdown.replaceAll(/\\(.)/g, '$1');
/** Text of a page, tags left out. */
const textOf = (html: string): string =>
  html.replaceAll(/<style>.*?<\/style>/gs, '').replaceAll(/<[^>]+>/g, ' ');

it.each([
  ['text', renderComparisonText(comparison, { width: 120 })],
  ['Markdown', plain(renderComparisonMarkdown(comparison))],
  ['HTML', textOf(renderComparisonHtml(comparison, { base: [base], new: [slow] }))],
  ['annotations', renderAnnotations(slow, { comparison, level: 'warning' }).join('\n')],
  ['spread', renderSpreadText(spreadOfRuns(runs), runs.length, { width: 120 })],
  ['history as text', renderHistoryText(runs, changes, [], { width: 120 })],
  ['history as HTML', textOf(renderHistoryHtml(runs, changes, []))],
])('an operation of two scenarios has the name of its scenario in %s, another has not', (_, view) => {
  for (const name of BOTH) expect(view).toContain(name);
  expect(view).toContain('chat.send');
  expect(view).not.toMatch(/chat\.send \(|chat-user: /);
  // Nowhere without it.
  expect(view).not.toMatch(/memory\.search(?! \((?:chat-user|memory)\))/);
});

it('the sentence of a comparison and the titles of its charts name the scenario', () => {
  const two = compareRuns([base], [run(30, 1.6, 1)]);
  expect(plain(renderComparisonMarkdown(two))).toContain(`${BOTH.join(', ')}\n`);
  expect(renderHtml(slow, two)).toContain(BOTH.join(', '));
  const page = renderComparisonHtml(comparison, { base: [base], new: [slow] });
  for (const name of BOTH) expect(page).toContain(`${name}: response times of both sides`);
});
