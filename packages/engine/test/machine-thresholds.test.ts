import { describe, expect, it } from 'vitest';
import { LostTime } from '../src/machine/lost-time.ts';
import { Histogram } from '../src/recorder/histogram.ts';
import { SecondLooks } from '../src/machine/second-looks.ts';
import { ThresholdJudge } from '../src/judging/threshold-judge.ts';
import { OUTCOMES } from '../src/outcome.ts';
import { Measures } from '../src/recorder/measures.ts';
import { StreamMeasures } from '../src/recorder/stream-measures.ts';
import { MetricCatalog } from '../src/metrics/metric-catalog.ts';
import { compileRun } from '../src/definition/compile.ts';
import { bindThreshold } from '../src/thresholds/bind.ts';
import type { MetricValues } from '../src/thresholds/metric-values.ts';
import { parseThresholds } from '../src/thresholds/parse.ts';
import { WindowedThreshold } from '../src/judging/windowed-threshold.ts';
import { asking } from './fixtures/virtual-load.ts';

const { types: TYPES } = new MetricCatalog(
  compileRun([asking('chat', { kind: 'constant-vus', vus: 1, duration: '5s' })]),
);

function pushed(lost: LostTime, waitMs: number): LostTime {
  lost.push({
    durationMs: 1000,
    runMs: 200,
    waitMs,
    longestWaitMs: waitMs,
    throttledMs: null,
    stolenMs: null,
    stealShare: null,
    pressureShare: null,
  });
  return lost;
}

function latencies(count: number, ms: number): MetricValues {
  const distribution = new Histogram();
  for (let k = 0; k < count; k++) distribution.record(ms * 1000);
  return { kind: 'trend', distribution };
}

/** Status of a window of two seconds, each with its machine wait and its response times. */
function windowOf(
  expression: string,
  metric: string,
  seconds: readonly { waitMs: number; values: MetricValues }[],
) {
  const [parsed] = parseThresholds({ [metric]: [`${expression} over 2s`] });
  const window = new WindowedThreshold(bindThreshold(parsed!, TYPES));
  const lost = new LostTime();
  let start = 0;
  for (const { waitMs, values } of seconds) {
    const { delays, lastLostMs } = pushed(lost, waitMs);
    window.push(start, start + 1000, values, { shares: [{ values, delays }], lostMs: lastLostMs });
    start += 1000;
  }
  return window.outcome();
}

describe('a threshold over a window', () => {
  it.each([
    ['quiet and slow', 5, 400, 'fail'],
    ['loud, and slow by no more than was waited', 200, 400, 'machine-limited'],
    ['loud, and slower than waiting can have made it', 200, 2000, 'fail'],
    ['loud and quick', 200, 100, 'pass'],
  ] as const)('is judged again when it is %s', (_, waitMs, ms, status) => {
    const values = latencies(50, ms);
    const outcome = windowOf('p(95)<300', 'response_time', [
      { waitMs, values },
      { waitMs, values },
    ]);
    expect(outcome.status).toBe(status);
  });

  it('stands where its quiet second fails by itself', () => {
    const seconds = [5, 5, 500].map((waitMs) => ({ waitMs, values: latencies(50, 400) }));
    expect(windowOf('p(95)<300', 'response_time', seconds).status).toBe('fail');
  });

  it('of a failure rate is never excused', () => {
    const values: MetricValues = { kind: 'rate', passes: 50, total: 100 };
    const seconds = [500, 500].map((waitMs) => ({ waitMs, values }));
    expect(windowOf('rate<0.01', 'http_req_failed', seconds).status).toBe('fail');
  });
});

describe('a threshold with abortOnFail', () => {
  const run = compileRun([asking('chat', { kind: 'constant-vus', vus: 1, duration: '5s' })]);

  /** What `watch` says of one second with 100 answers of 400 ms. */
  function watched(waitMs: number, limit: string) {
    const lost = new LostTime();
    const looks = new SecondLooks([lost]);
    const thresholds = { response_time: [{ threshold: limit, abortOnFail: true }] };
    const judge = new ThresholdJudge(run, thresholds, new MetricCatalog(run), looks);
    const [interval, total] = [new Measures(run), new Measures(run)];
    for (const measures of [interval, total]) {
      const times = (measures.operations[0]!.response[0] = new Histogram());
      for (let k = 0; k < 100; k++) times.record(400_000);
      measures.operations[0]!.outcomes[0] = 100;
    }
    pushed(lost, waitMs);
    looks.take([{ measures: interval, delays: lost.delays }], new Measures(run));
    const abort = judge.watch(interval, total, 0, 1000, true);
    return { abort, status: judge.results(total)[0]!.status };
  }

  it('ends the run for what waiting for a processor cannot explain', () => {
    expect(watched(5, 'p(95)<300')).toEqual({ abort: 'response_time: p(95)<300', status: 'fail' });
    expect(watched(200, 'p(95)<100')).toEqual({ abort: 'response_time: p(95)<100', status: 'fail' });
  });

  it('goes on where waiting can explain it', () => {
    expect(watched(200, 'p(95)<300')).toEqual({ abort: undefined, status: 'machine-limited' });
  });
});

describe('a threshold of the goodput', () => {
  const good = 'ttft < 800 ms';
  const chat = asking('chat', { kind: 'constant-vus', vus: 1, duration: '5s' });
  const operations = chat.operations.map((operation) => ({ ...operation, stream: 'sse' as const, good }));
  const run = compileRun([{ ...chat, operations }]);
  const OK = OUTCOMES.indexOf('ok');
  const TIMEOUT = OUTCOMES.indexOf('timeout');

  interface Second {
    readonly waitMs: number;
    readonly good: number;
    readonly late?: number;
    readonly failed?: number;
  }

  /** Outcome of `rate>0.95` after seconds with streams of 300 ms. */
  function judged(...seconds: readonly Second[]) {
    const lost = new LostTime();
    const looks = new SecondLooks([lost]);
    const judge = new ThresholdJudge(run, { goodput: ['rate>0.95'] }, new MetricCatalog(run), looks);
    const total = new Measures(run);
    for (const { waitMs, good: met, late = 0, failed = 0 } of seconds) {
      const interval = new Measures(run);
      const operation = interval.operations[0]!;
      const streams = (operation.streams = new StreamMeasures());
      streams.counts.judged = met + late + failed;
      streams.counts.good = met;
      for (let k = 0; k < met + late; k++) streams.times.ttlt.record(300_000);
      operation.outcomes[OK] = met + late;
      operation.outcomes[TIMEOUT] = failed;
      pushed(lost, waitMs);
      looks.take([{ measures: interval, delays: lost.delays }], total);
      total.add(interval);
    }
    const [result] = judge.results(total);
    return { status: result!.status, detail: result!.detail };
  }
  const QUIET = { waitMs: 5, good: 60 };

  it('is judged again over the seconds with little waiting', () => {
    expect(judged(QUIET, QUIET, { waitMs: 300, good: 40, late: 20 })).toEqual({
      status: 'machine-limited',
      detail: 'kept in the seconds with little waiting: 100% of 120 streams',
    });
  });

  it('stands where it fails in those seconds, too, and where no second was loud', () => {
    const slow = { waitMs: 5, good: 40, late: 20 };
    expect(judged(slow, slow, { waitMs: 300, good: 40, late: 20 }).status).toBe('fail');
    expect(judged(QUIET, slow, slow).status).toBe('fail');
  });

  it('stands where it fails by the streams that failed in loud seconds alone, though quiet seconds kept it', () => {
    expect(judged(QUIET, QUIET, { waitMs: 300, good: 40, failed: 20 }).status).toBe('fail');
    expect(judged(QUIET, QUIET, { waitMs: 300, good: 40, late: 18, failed: 2 }).status).toBe(
      'machine-limited',
    );
  });

  it('is excused without quiet seconds where the streams were late, and not where they failed', () => {
    const loud = { waitMs: 300, good: 40 };
    expect(judged({ ...loud, late: 20 }, { ...loud, late: 20 }).status).toBe('machine-limited');
    expect(judged({ ...loud, failed: 20 }, { ...loud, failed: 20 }).status).toBe('fail');
  });
});
