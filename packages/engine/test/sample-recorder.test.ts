import { describe, expect, it } from 'vitest';
import { compileRun, SampleRecorder, type RequestSample } from '../src/ingest/index.ts';

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
