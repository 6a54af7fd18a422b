import { OUTCOMES, type IntervalEvent } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { wantsColor, type Console } from '../src/output/console.ts';
import { fitLine } from '../src/output/progress-text.ts';
import { Progress } from '../src/output/progress.ts';

const NO_OUTCOMES = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as IntervalEvent['outcomes'];

function second(index: number, changes: Partial<IntervalEvent> = {}): IntervalEvent {
  const response = { p50Ms: 12.34, p95Ms: 456.7, p99Ms: 12_345 };
  return {
    type: 'interval',
    index,
    startMs: index * 1000,
    endMs: (index + 1) * 1000,
    progress: {
      elapsedMs: (index + 1) * 1000,
      plannedMs: 90_000,
      stage: { index: 1, count: 3, label: 'ramp to 10', leftMs: 72_000 },
    },
    paused: false,
    users: 5,
    targetUsers: 10,
    inFlight: 1,
    iterations: 10,
    dropped: 0,
    requests: 40,
    failed: 2,
    outcomes: { ...NO_OUTCOMES, ok: 38, rate_limited: 1, server_error: 1 },
    response,
    operations: [],
    total: { requests: 40, failed: 2, outcomes: { ...NO_OUTCOMES, rate_limited: 1 }, response },
    health: { eventLoopUtilization: 0.1, pacerLagP99Ms: 1, waitShare: 0.05 },
    ...changes,
  };
}

function terminal(isTTY: boolean, columns?: number) {
  let written = '';
  const err = { isTTY, write: (text: string) => void (written += text), ...(columns ? { columns } : {}) };
  const console: Console = { out: err, err, environment: {} };
  return { console, written: () => written };
}

const SHOWN = { quiet: false, live: true };

describe('progress', () => {
  it('is a line every five seconds where stderr is no terminal', () => {
    const { console, written } = terminal(false);
    const progress = new Progress(console, SHOWN);
    for (let index = 0; index < 10; index++) progress.interval({ summary: second(index) });
    expect(written()).toMatchInlineSnapshot(`
      "0:05/1:30  users 5/10  40.0 req/s  failed 5.0%  429 2.5%  p50 12.3  p95 457  p99 12.3s ms  stage 1/3 ramp to 10, 1:12 left
      0:10/1:30  users 5/10  40.0 req/s  failed 5.0%  429 2.5%  p50 12.3  p95 457  p99 12.3s ms  stage 1/3 ramp to 10, 1:12 left
      "
    `);
  });

  it.each([20, 60, 80, 200])('is one line within %i columns on a terminal', (columns) => {
    const { console, written } = terminal(true, columns);
    const progress = new Progress(console, SHOWN);
    for (let index = 0; index < 3; index++) progress.interval({ summary: second(index) });
    expect(written()).not.toContain('\n');
    const lines = written().split('\r\u001b[2K').slice(1);
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThan(columns);
  });

  it('makes way for a sentence, and is gone at the end', () => {
    const { console, written } = terminal(true, 80);
    const progress = new Progress(console, SHOWN);
    progress.interval({ summary: second(0) });
    progress.event({ type: 'notice', level: 'warning', code: 'x', text: 'look' });
    progress.interval({ summary: second(1) });
    progress.event({ type: 'phase', phase: 'done' });
    expect(written()).toMatch(/\r\u001b\[2Kwarning: look\n/); // oxlint-disable-line no-control-regex -- the sequence that clears the line
    expect(written().endsWith('\r\u001b[2K')).toBe(true);
  });

  it('is silent with --quiet, warnings apart', () => {
    const { console, written } = terminal(true, 80);
    const progress = new Progress(console, { quiet: true, live: true });
    progress.say('hello');
    progress.event({ type: 'phase', phase: 'warm-up' });
    progress.interval({ summary: second(0) });
    expect(written()).toBe('');
    progress.event({ type: 'notice', level: 'warning', code: 'x', text: 'look' });
    expect(written()).toBe('warning: look\n');
  });

  it('cuts a line between its pieces only', () => {
    expect(fitLine(['abc', 'def', 'g'], 8)).toBe('abc  def');
    expect(fitLine(['abc', 'def', 'g'], 7)).toBe('abc');
  });
});

describe('colours', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: 'true', NO_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ TERM: 'dumb' }, true, false],
  ])('%o on a terminal (%s): %s', (environment, isTTY, expected) => {
    expect(wantsColor({ isTTY, write: () => undefined }, environment)).toBe(expected);
  });
});
