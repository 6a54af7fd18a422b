import { describe, expect, it } from 'vitest';
import { compileRun, SampleRecorder, type RecordedRun, type RequestSample } from '../src/ingest/index.ts';
import type { ExecutorOptions } from '../src/model/executor-options.ts';

const START = Date.UTC(2026, 10, 22);
const RUN = compileRun([
  {
    name: 'browse',
    executor: { kind: 'constant-vus', vus: 1, duration: '10s' },
    operations: [{ name: 'items', method: 'GET', route: '/items' }],
    run: () => Promise.resolve(),
  },
]);
const [operation] = RUN.operations;

function sample(parts: Partial<RequestSample> = {}): RequestSample {
  return {
    endMs: START + 500,
    outcome: 'ok',
    status: 200,
    code: '',
    message: '',
    responseMs: 30,
    serviceMs: 20,
    queueMs: 10,
    phasesMs: [9, 1, 0, 1, 18, 1],
    ...parts,
  };
}

describe('SampleRecorder', () => {
  it('starts its clock where the first thing began, and counts each request in the second in which it ended', () => {
    const recorder = new SampleRecorder(RUN);
    recorder.begin(START);
    for (const endMs of [START + 500, START + 1500, START + 1600])
      recorder.request(operation!, sample({ endMs }));
    const { originMs, requests, series, total } = recorder.finish();
    expect([originMs, requests]).toEqual([START, 3]);
    expect(series.points.map((point) => point.requests)).toEqual([1, 2]);
    const [measured] = total.operations;
    expect(measured).toMatchObject({ requests: 3, retries: Number.NaN, bytesSent: Number.NaN });
    expect(measured!.phases.map(({ sum }) => sum)).toEqual([27_000, 3000, 0, 3000, 54_000, 3000]);
  });

  it('gives each second its number of users, also where that was told before anything ended in it', () => {
    const recorder = new SampleRecorder(RUN);
    recorder.begin(START);
    for (const [second, users] of [3, 7, 5].entries()) {
      recorder.users(users, START + 1000 * second + 200);
      recorder.request(operation!, sample({ endMs: START + 1000 * second + 900 }));
    }
    expect(recorder.finish().series.points.map((point) => point.users)).toEqual([3, 7, 5]);
  });

  it('accounts for iterations; how many were interrupted is known only where their starts are', () => {
    const counts = (starts: number) => {
      const recorder = new SampleRecorder(RUN);
      if (starts > 0) recorder.startIterations(0, starts, START);
      recorder.endIterations(0, 4, START + 100);
      recorder.exception(0, 'broke', 1, START + 100);
      recorder.dropIterations(0, 2, START + 100);
      return recorder.finish().total.scenarios[0]!.counts;
    };
    expect(counts(5)).toMatchObject({ planned: 7, completed: 3, failed: 1, dropped: 2, interrupted: 1 });
    expect(counts(0)).toMatchObject({
      planned: 6,
      completed: 3,
      failed: 1,
      dropped: 2,
      interrupted: Number.NaN,
    });
  });

  describe('rates are over the time in which a scenario was active', () => {
    /** Iterations of a second each, `count` at once, one after another. */
    const load = (recorder: SampleRecorder, scenario: number, fromMs: number, seconds: number, count = 1) => {
      for (let second = 0; second < seconds; second++)
        for (let user = 0; user < count; user++) {
          const endMs = START + fromMs + 1000 * (second + 1);
          recorder.iterationDuration(scenario, 1000, endMs);
          recorder.endIterations(scenario, 1, endMs);
        }
    };
    const unknown = { kind: null, model: null, startTimeMs: 0, plannedDurationMs: null, tags: {} } as const;
    const runOf = (...executors: (ExecutorOptions | undefined)[]): RecordedRun => {
      const { scenarios, operations } = compileRun(
        executors.map((executor = { kind: 'constant-vus', duration: '1s' }, index) => ({
          name: `s${index}`,
          executor,
          operations: [{ name: `op${index}`, method: 'GET', route: '/' }],
          run: () => Promise.resolve(),
        })),
      );
      const recorded = scenarios.map((each, index) =>
        executors[index] === undefined ? { ...each, executor: unknown } : each,
      );
      return { scenarios: recorded, operations, plannedDurationMs: null };
    };

    it('from its first to its last sample where the executor is not known, also of several together', () => {
      const recorder = new SampleRecorder(runOf(undefined, undefined));
      load(recorder, 0, 0, 10);
      load(recorder, 1, 50_000, 10);
      const { total } = recorder.finish();
      expect([total.activeMsOf(0), total.activeMsOf(1)]).toEqual([10_000, 10_000]);
      expect(total.activeMs((name) => name === 's1')).toBe(10_000);
      expect(total.activeMs()).toBe(60_000);
    });

    it('the planned time of an open one, without its last answers; what there is of one that ended early', () => {
      const open = { kind: 'constant-arrival-rate', rate: 1, duration: '10s', maxVUs: 50 } as const;
      const recorder = new SampleRecorder(runOf(open, open));
      for (let second = 0; second < 10; second++) {
        recorder.startIterations(0, 1, START + second * 1000);
        recorder.iterationDuration(0, 5000, START + second * 1000 + 5000);
        recorder.endIterations(0, 1, START + second * 1000 + 5000);
      }
      load(recorder, 1, 0, 4);
      const { total } = recorder.finish();
      expect([total.activeMsOf(0), total.activeMsOf(1)]).toEqual([10_000, 4000]);
    });

    it('the whole plan of an open one whose target hangs, so that only drops follow', () => {
      const open = { kind: 'constant-arrival-rate', rate: 1, duration: '60s', maxVUs: 5 } as const;
      const recorder = new SampleRecorder(runOf(open));
      for (let second = 0; second < 30; second++) {
        recorder.startIterations(0, 1, START + second * 1000);
        recorder.endIterations(0, 1, START + second * 1000 + 100);
      }
      for (let second = 30; second < 60; second++) recorder.dropIterations(0, 1, START + second * 1000);
      expect(recorder.finish().total.activeMsOf(0)).toBe(60_000);
    });

    it.each([
      [200, 30_000],
      // It ended before the last stages, or was another plan.
      [150, 7450],
      [400, 19_950],
    ])('the whole plan of an open one that ends at a rate of 0, after %i arrivals', (count, activeMs) => {
      const stages = [
        { duration: '10s', target: 20 },
        { duration: '0s', target: 0 },
        { duration: '20s', target: 0 },
      ];
      const recorder = new SampleRecorder(
        runOf({ kind: 'ramping-arrival-rate', startRate: 20, stages, maxVUs: 50 }),
      );
      for (let arrival = 0; arrival < count; arrival++) {
        recorder.startIterations(0, 1, START + arrival * 50);
        recorder.endIterations(0, 1, START + arrival * 50);
      }
      expect(recorder.finish().total.activeMsOf(0)).toBe(activeMs);
    });

    it('of a closed one its plan, and its last iterations by their share of the users', () => {
      const recorder = new SampleRecorder(runOf({ kind: 'constant-vus', vus: 2, duration: '10s' }));
      load(recorder, 0, 0, 10, 2);
      // One of the two users goes on for 5 s: a quarter of what both do in 10 s.
      load(recorder, 0, 10_000, 5);
      expect(recorder.finish().total.activeMsOf(0)).toBe(12_500);
    });

    it('and no sample of a wrong time makes it longer', () => {
      const recorder = new SampleRecorder(runOf(undefined));
      load(recorder, 0, 0, 10);
      recorder.request(runOf(undefined).operations[0]!, sample({ endMs: START + 400 * 86_400_000 }));
      expect(recorder.finish().total.activeMsOf(0)).toBe(10_000);
    });
  });

  it('keeps failures with an example, checks and users', () => {
    const recorder = new SampleRecorder(RUN);
    recorder.begin(START);
    recorder.request(
      operation!,
      sample({ outcome: 'server_error', status: 500, code: 'http_500', message: 'HTTP 500' }),
    );
    recorder.check(0, 'status is 200', false, START + 500);
    recorder.users(3, START + 600);
    recorder.users(2, START + 700);
    const { errors, total, maxUsers } = recorder.finish();
    expect(errors.errors(RUN, START)).toMatchObject([
      { code: 'http_500', count: 1, example: { status: 500, user: null, request: 'GET /items' } },
    ]);
    expect(total.checks[0]!.get('status is 200')).toEqual({ passes: 0, fails: 1 });
    expect([maxUsers, total.scenarios[0]!.maxUsers]).toEqual([3, 3]);
  });

  it('has no group of errors for a user who hung up', () => {
    const recorder = new SampleRecorder(RUN);
    recorder.begin(START);
    recorder.request(operation!, sample({ outcome: 'hung_up' }));
    recorder.request(operation!, sample({ outcome: 'stalled' }));
    const { errors, total } = recorder.finish();
    expect(errors.errors(RUN, START)).toMatchObject([{ outcome: 'stalled', count: 1 }]);
    expect(total.operations[0]).toMatchObject({ requests: 2, failed: 1 });
  });

  it.each([0, 1])('is not made longer by a sample with a wrong time, number %i', (place) => {
    const recorder = new SampleRecorder(RUN);
    recorder.begin(START);
    const times = [START + 500, START + 1500];
    times.splice(place, 0, START + 400 * 86_400_000);
    for (const endMs of times) recorder.request(operation!, sample({ endMs }));
    const { series, total, ahead } = recorder.finish();
    expect(total.durationMs).toBe(1500);
    expect(series.points.map(({ requests }) => requests)).toEqual([2, 1]);
    expect(series.byIntendedStart.map(({ atMs }) => atMs)).toEqual([0, 1000]);
    expect(ahead).toBe(1);
  });

  it('counts a request from before the start once', () => {
    const recorder = new SampleRecorder(RUN);
    recorder.begin(START);
    recorder.request(operation!, sample({ endMs: START - 10 }));
    expect(recorder.finish().earlier).toBe(1);
  });

  it('holds nothing where no sample came', () => {
    const { total, series, originMs } = new SampleRecorder(RUN).finish();
    expect([total.durationMs, series.points, originMs]).toEqual([0, [], Number.NaN]);
  });
});
