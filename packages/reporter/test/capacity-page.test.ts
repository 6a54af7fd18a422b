import { capacityReport, type CapacityAnswer, type CapacityReport } from '@jarvis-load/capacity';
import { expect, it } from 'vitest';
import { renderCapacityHtml } from '../src/index.ts';

const FAILED = { level: 20, broken: null, reason: 'the backlog grows' };
const FOUND: CapacityAnswer = { kind: 'found', level: 10, confirmedMs: 60_000, failed: FAILED };
const AT_LEAST: CapacityAnswer = {
  kind: 'at-least',
  level: 10,
  confirmedMs: 60_000,
  limit: 'asked',
  above: null,
};
const NONE: CapacityAnswer = { kind: 'none', failed: FAILED };

/** Of what the page looks like: the class of its heading, and the colour of its icon in the tab. */
function looksOf(mode: CapacityReport['mode'], answers: readonly (CapacityAnswer | null)[]) {
  const html = renderCapacityHtml(
    capacityReport({
      generator: { name: 'jarvis-load', version: '0' },
      id: 'x',
      startedAt: '2026-01-01T00:00:00Z',
      mode,
      unit: 'rate',
      target: { name: 'mock', url: 'http://127.0.0.1' },
      scenarios: ['chat'],
      precision: mode === 'search' ? 0.05 : null,
      rounds: answers.map((answer) => ({ answer, steps: [] })),
      notes: [],
    }),
  );
  return {
    heading: /<div class="verdict ([\w-]+)">/.exec(html)?.[1],
    icon: /<link rel="icon" href="[^"]*? fill='%23([\da-f]{6})'/.exec(html)?.[1],
  };
}

const PASS = { heading: 'pass', icon: '15703f' };
const WARN = { heading: 'warn', icon: '8a5300' };
const FAIL = { heading: 'fail', icon: 'b3261e' };

it.each([
  ['a search with its answer', 'search', [FOUND], PASS],
  ['searches with an answer each', 'search', [FOUND, AT_LEAST], PASS],
  ['a search that was ended before its answer', 'search', [null], WARN],
  ['searches of which the last was ended', 'search', [FOUND, null], WARN],
  ['a search at whose lowest level promises fail', 'search', [NONE], FAIL],
  ['searches that failed, and were ended', 'search', [NONE, null], FAIL],
  ['a sweep, which asks for no answer', 'sweep', [null], PASS],
] as const)('%s has its sign in heading and tab', (_, mode, answers, looks) => {
  expect(looksOf(mode, answers)).toEqual(looks);
});
