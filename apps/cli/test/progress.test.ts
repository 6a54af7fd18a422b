import { OUTCOMES, type IntervalEvent, type RunSnapshot } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { wantsColor, type Console } from '../src/output/console.ts';
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

const SHOWN = { quiet: false };

/** Lines read the summary only. */
function show(progress: Progress, summary: IntervalEvent): void {
  const steps = progress.interval({ summary } as RunSnapshot);
  while (steps.next().done !== true);
}

describe('progress', () => {
  it('is a line every five seconds where stderr is no terminal', () => {
    const { console, written } = terminal(false);
    const progress = new Progress(console, SHOWN);
    for (let index = 0; index < 10; index++) show(progress, second(index));
    expect(written()).toMatchInlineSnapshot(`
      "0:05/1:30  users 5/10  40.0 req/s  failed 5%  429 2.5%  p50 12.3  p95 457  p99 12,345 ms  stage 1/3 ramp to 10, 1:12 left
      0:10/1:30  users 5/10  40.0 req/s  failed 5%  429 2.5%  p50 12.3  p95 457  p99 12,345 ms  stage 1/3 ramp to 10, 1:12 left
      "
    `);
  });

  it('adds up what was dropped in the seconds of a line', () => {
    const { console, written } = terminal(false);
    const progress = new Progress(console, SHOWN);
    for (let index = 0; index < 5; index++) show(progress, second(index, { dropped: index < 2 ? 3 : 0 }));
    expect(written()).toContain('dropped 6');
  });

  it('is silent with --quiet, warnings apart', () => {
    const { console, written } = terminal(true, 80);
    const progress = new Progress(console, { quiet: true });
    progress.say('hello');
    progress.event({ type: 'phase', phase: 'warm-up' });
    show(progress, second(0));
    expect(written()).toBe('');
    progress.event({ type: 'notice', level: 'warning', code: 'x', text: 'look' });
    expect(written()).toBe('warning: look\n');
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
