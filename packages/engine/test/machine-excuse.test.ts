import { describe, expect, it } from 'vitest';
import { LostTime } from '../src/machine/lost-time.ts';
import type { MachineSecond } from '../src/model/run-snapshot.ts';
import { addLess, SecondLook } from '../src/machine/second-look.ts';
import type { ObjectiveResult } from '../src/document/schema.ts';
import { excuseObjective } from '../src/result/excuse-objective.ts';
import { compileRun } from '../src/definition/compile.ts';
import { Measures } from '../src/recorder/measures.ts';
import { asking } from './fixtures/virtual-load.ts';
import { Histogram } from '../src/recorder/histogram.ts';
import { TrendHistogram } from '../src/recorder/trend-histogram.ts';

const second = (
  runMs: number | null,
  waitMs: number | null,
  more: Partial<MachineSecond> = {},
): MachineSecond => ({
  durationMs: 1000,
  runMs,
  waitMs,
  longestWaitMs: waitMs,
  throttledMs: null,
  stolenMs: null,
  stealShare: null,
  pressureShare: null,
  ...more,
});
const QUIET = second(200, 10);
const LOUD = second(200, 300);

function lostAfter(...seconds: readonly MachineSecond[]): LostTime {
  const lost = new LostTime();
  for (const each of seconds) lost.push(each);
  return lost;
}

describe('a second', () => {
  it.each([
    ['with the waiting of an idle machine', QUIET, false],
    ['with much waiting', LOUD, true],
    ['with a large share of next to nothing', second(2, 2), false],
    ['that was not measured', second(null, null, { pressureShare: 1 }), false],
    [
      'that a quota held, where a kernel does not count that as waiting',
      second(200, 0, { throttledMs: 400 }),
      true,
    ],
    ['of which the host took much', second(200, 0, { stolenMs: 300, stealShare: 0.3 }), true],
    ['of which the host took little', second(200, 10, { stolenMs: 20, stealShare: 0.01 }), false],
  ])('%s is loud: %s', (_, each, loud) => {
    const lost = lostAfter(each);
    expect(lost.any).toBe(loud);
    expect(lost.loudSeconds).toBe(loud ? 1 : 0);
  });

  it('counts by its length: the last interval of a run is short', () => {
    const short = { durationMs: 40 };
    const lost = lostAfter(QUIET, LOUD, second(200, 10, short), second(8, 30, short));
    expect([lost.seconds, lost.loudSeconds]).toEqual([2, 1]);
    const shortest = lostAfter(second(8, 30, short));
    expect([shortest.seconds, shortest.loudSeconds]).toEqual([1, 1]);
  });

  it('can delay an answer by all that it waited', () => {
    expect(lostAfter(QUIET, QUIET, LOUD).delays.ofMs(50)).toBe(310);
  });

  it('can delay an answer by the longest waiting thread of each process, not by helper threads beside it', () => {
    expect(lostAfter(second(200, 900, { longestWaitMs: 250 })).delays.ofMs(50)).toBe(250);
    expect(lostAfter(second(200, 900, { longestWaitMs: 250, throttledMs: 400 })).delays.ofMs(50)).toBe(400);
  });

  it('includes a wait of several seconds, which the kernel counts in the second in which it ends', () => {
    const lost = lostAfter(QUIET, QUIET, QUIET, second(20, 2800));
    expect(lost.delays.ofMs(2847)).toBe(2800 + 3 * 10);
    expect(lost.share).toBe(1 / 4);
  });

  it('reaches into the next one, and no further for quick answers', () => {
    expect(lostAfter(LOUD, QUIET).delays.ofMs(50)).toBe(310);
    expect(lostAfter(LOUD, QUIET, QUIET).delays.ofMs(50)).toBe(0);
  });

  it('reaches as far as an answer lasted', () => {
    const lost = lostAfter(LOUD, QUIET, QUIET, QUIET);
    expect(lost.delays.ofMs(2900)).toBe(330);
    expect(lost.delays.ofMs(1900)).toBe(0);
  });

  it('that was quiet takes nothing from the throughput', () => {
    expect(lostAfter(QUIET, QUIET).share).toBe(0);
    expect(lostAfter(QUIET, LOUD).share).toBeCloseTo(0.15, 5);
  });
});

describe('samples less a delay', () => {
  it('move down, and not below 0', () => {
    const samples = new Histogram();
    for (const us of [1000, 50_000, 200_000]) samples.record(us);
    const less = new Histogram();
    addLess(less, samples, 1000, () => 50);
    expect([less.count, less.min, less.max]).toEqual([3, 0, 150_000]);
    expect(less.quantile(0.5)).toBeLessThan(100);
  });

  it('of one second are divided: what touched a loud second is corrected, what was quicker is quiet', () => {
    const run = compileRun([asking('chat', { kind: 'constant-vus', vus: 1, duration: '5s' })]);
    const interval = new Measures(run);
    const times = (interval.operations[0]!.response[0] = new Histogram());
    for (const ms of [100, 2500]) times.record(ms * 1000);
    const look = new SecondLook((measures) => measures.operations[0]!.response[0]);
    look.branch(new Measures(run));
    look.add(interval, lostAfter(LOUD, QUIET, QUIET).delays);
    expect([look.quiet?.count, look.quiet?.max]).toEqual([1, 100_031]);
    expect([look.corrected?.count, look.corrected?.max]).toEqual([2, 2_180_000]);
  });

  it('of a metric with a scale of its own become microseconds', () => {
    const seconds = new TrendHistogram();
    for (const s of [0.5, 2]) seconds.record(s);
    const less = new Histogram();
    addLess(less, seconds, 1e6, () => 100);
    expect([less.count, less.min, less.max]).toEqual([2, 400_000, 1_900_000]);
  });
});

/** Responses of `ms` milliseconds each. */
function answers(count: number, ms: number, from = new Histogram()): Histogram {
  for (let k = 0; k < count; k++) from.record(ms * 1000);
  return from;
}

const objective = (parts: Partial<ObjectiveResult>): ObjectiveResult =>
  ({
    operation: 'chat.send',
    method: 'POST',
    route: '/api/chat',
    aspect: 'p95',
    limit: 300,
    measured: 400,
    margin: -1 / 3,
    status: 'fail',
    samples: 200,
    lowSamples: false,
    ...parts,
  }) as ObjectiveResult;

describe('an objective that failed', () => {
  const judged = (
    parts: Partial<ObjectiveResult>,
    look: { quiet: Histogram | undefined; corrected: Histogram | undefined } | undefined,
    lostShare = 0.3,
  ) =>
    excuseObjective(objective(parts), {
      looks: new Map(look === undefined ? [] : [['chat.send', look]]),
      lostShare,
    });

  it.each([
    ['fails in few quiet seconds beyond chance', answers(10, 400), answers(200, 200), 'fail'],
    ['fails in quiet seconds, too', answers(40, 400), answers(200, 200), 'fail'],
    ['is kept in quiet seconds', answers(40, 200), answers(200, 400), 'machine-limited'],
    [
      'has too few answers in quiet seconds, and waiting explains it',
      answers(1, 400, answers(18, 200)),
      answers(200, 200),
      'machine-limited',
    ],
    [
      'has too few answers in quiet seconds, and waiting does not explain it',
      answers(10, 200),
      answers(200, 320),
      'fail',
    ],
    [
      'has none in quiet seconds, and waiting explains it',
      new Histogram(),
      answers(200, 200),
      'machine-limited',
    ],
    [
      'has none in quiet seconds, and waiting does not explain it',
      new Histogram(),
      answers(200, 900),
      'fail',
    ],
    ['was made in a run without a loud second', undefined, undefined, 'fail'],
  ] as const)('%s', (_, quiet, corrected, status) => {
    expect(judged({}, { quiet, corrected }).status).toBe(status);
  });

  it('stands where few answers fail beyond chance, less all that waiting can have added', () => {
    expect(judged({ samples: 5 }, { quiet: new Histogram(), corrected: answers(5, 900) }).status).toBe(
      'fail',
    );
  });

  it('by its errors is never excused', () => {
    const errors = { aspect: 'errorRate', limit: 0.01, measured: 0.02 } as const;
    const look = { quiet: answers(40, 1), corrected: answers(200, 1) };
    expect(judged(errors, look, 0.9)).toEqual(objective(errors));
  });

  it.each([
    [95, 0, 'fail'],
    [95, 0.01, 'fail'],
    [95, 0.1, 'machine-limited'],
    [30, 0.5, 'fail'],
    [30, 1, 'machine-limited'],
  ])('by a throughput of %d/s of 100, with %d of the time lost: %s', (measured, lostShare, status) => {
    const parts = { aspect: 'requestsPerSecond', limit: 100, measured } as const;
    expect(judged(parts, undefined, lostShare).status).toBe(status);
  });

  it('says what it is when it is judged again', () => {
    expect(judged({}, { quiet: answers(40, 200), corrected: answers(200, 400) }).detail).toBe(
      'kept in the seconds with little waiting: 200 ms over 40 samples',
    );
    expect(judged({}, { quiet: new Histogram(), corrected: answers(200, 250) }).detail).toBe(
      'waiting for a processor can explain it: less the most that it can have added, it is 250 ms',
    );
  });

  it.each(['pass', 'no-data', 'not-measurable'] as const)('only: %s stays', (status) => {
    const look = { quiet: answers(40, 200), corrected: answers(200, 200) };
    expect(judged({ status }, look)).toEqual(objective({ status }));
  });

  it('stands where nothing is known of the machine', () => {
    expect(excuseObjective(objective({}), undefined)).toEqual(objective({}));
  });
});
