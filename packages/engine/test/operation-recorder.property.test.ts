import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OperationInterval } from '../src/model/thread-interval.ts';
import { OperationMeasures } from '../src/recorder/operation-measures.ts';
import { PHASES } from '../src/recorder/phases.ts';
import { StatusRecorder } from '../src/recorder/status-recorder.ts';

const SELECTED = [200, 503];
/** Below 2.048 ms each microsecond has a bucket of its own. */
const ms = fc.constantFrom(0, 0.25, 0.5);
const request = fc.record({
  kind: fc.constant('request' as const),
  outcome: fc.integer({ min: 0, max: 2 }),
  status: fc.constantFrom(200, 404, 503),
  lastPhase: fc.integer({ min: 0, max: PHASES.length - 1 }),
  /** A check fails: the request moves to this outcome before the next flush. */
  amended: fc.option(fc.integer({ min: 0, max: 2 })),
  bytesSent: fc.nat(9),
  bytesReceived: fc.nat(9),
  timings: fc.record({
    responseTimeMs: ms,
    serviceTimeMs: ms,
    queueWaitMs: fc.constantFrom(1, 1.25, 1.5),
    connectMs: ms,
    tlsMs: ms,
    sendingMs: ms,
    waitingMs: ms,
    receivingMs: ms,
  }),
});
const step = fc.oneof(request, fc.record({ kind: fc.constantFrom('retry', 'interruption', 'flush') }));
type Request = typeof request extends fc.Arbitrary<infer R> ? R : never;

/** Milliseconds of all values, in order: what a histogram of small values holds. */
type Values = readonly number[];

function valuesOf(histogram: { forEachBucket(visit: (us: number, count: number) => void): void }): Values {
  const values: number[] = [];
  histogram.forEachBucket((us, count) => values.push(...Array.from({ length: count }, () => us / 1000)));
  return values;
}

const sorted = (values: Values): Values => [...values].sort((a, b) => a - b);
const sumOf = (values: Values): number => values.reduce((sum, value) => sum + value, 0);

/** What the requests should have added up to. */
function expected(requests: readonly Request[]) {
  const endsAs = ({ outcome, amended, lastPhase }: Request) =>
    amended === null || lastPhase < PHASES.indexOf('sending') ? outcome : amended;
  const byOutcome = (value: (each: Request) => number, from: number) =>
    [0, 1, 2].map((outcome) =>
      sorted(
        requests
          .filter((each) => endsAs(each) === outcome && each.lastPhase >= from)
          .map((each) => value(each)),
      ),
    );
  const phase = (place: number, value: (timings: Request['timings']) => number) =>
    sorted(requests.filter(({ lastPhase }) => lastPhase >= place).map(({ timings }) => value(timings)));
  return {
    response: byOutcome(({ timings }) => timings.responseTimeMs, 0),
    service: byOutcome(({ timings }) => timings.serviceTimeMs, PHASES.indexOf('sending')),
    queueWait: phase(0, ({ queueWaitMs }) => queueWaitMs),
    phases: [
      phase(0, ({ queueWaitMs, connectMs, tlsMs }) => queueWaitMs - connectMs - tlsMs),
      phase(1, ({ connectMs }) => connectMs),
      phase(2, ({ tlsMs }) => tlsMs),
      phase(3, ({ sendingMs }) => sendingMs),
      phase(4, ({ waitingMs }) => waitingMs),
      phase(5, ({ receivingMs }) => receivingMs),
    ],
    bytesSent: sumOf(requests.map(({ bytesSent }) => bytesSent)),
    bytesReceived: sumOf(requests.map(({ bytesReceived }) => bytesReceived)),
  };
}

function measured({ response, service, queueWait, phases, bytesSent, bytesReceived }: OperationMeasures) {
  const byOutcome = (times: OperationMeasures['response']) =>
    [0, 1, 2].map((outcome) => (times[outcome] === undefined ? [] : valuesOf(times[outcome])));
  return {
    response: byOutcome(response),
    service: byOutcome(service),
    queueWait: valuesOf(queueWait),
    phases: phases.map((each) => valuesOf(each)),
    bytesSent,
    bytesReceived,
  };
}

it('what is flushed adds up to what was recorded, each request once, in all and for each selected status', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const recorder = new StatusRecorder(0, SELECTED, { good: undefined, examples: false });
      const total = new OperationMeasures();
      const take = (interval: OperationInterval | undefined): void => {
        if (interval !== undefined) total.addInterval(interval);
      };
      for (const each of steps) {
        if (each.kind === 'retry') recorder.recordRetry();
        else if (each.kind === 'interruption') recorder.recordInterrupted(1);
        else if (each.kind === 'flush') take(recorder.flush());
        else record(recorder, each as Request);
      }
      take(recorder.flush());
      take(recorder.flush());
      const requests = steps.filter((each): each is Request => each.kind === 'request');
      const count = (kind: string) => steps.filter((each) => each.kind === kind).length;
      expect(measured(total)).toEqual(expected(requests));
      expect(total.retries).toBe(count('retry'));
      expect(total.interruptedAge.count).toBe(count('interruption'));
      for (const status of [200, 404, 503]) {
        const own = requests.filter((one) => one.status === status);
        expect(total.statuses.get(status) ?? 0).toBe(own.length);
        const service = [0, 1, 2].map((outcome) => total.serviceByStatus.get(outcome)?.get(status));
        expect(service.map((times) => (times === undefined ? [] : valuesOf(times)))).toEqual(
          expected(own).service,
        );
        const part = total.byStatus.get(status);
        if (part === undefined) expect(own.length === 0 || !SELECTED.includes(status)).toBe(true);
        else expect(measured(part)).toEqual(expected(own));
      }
    }),
    { numRuns: 300 },
  );
});

function record(recorder: StatusRecorder, each: Request): void {
  const { outcome, status, timings, lastPhase, amended, bytesSent, bytesReceived } = each;
  recorder.record(outcome, status, timings, lastPhase, bytesSent, bytesReceived);
  // Only an answer that came is checked, so its request was sent.
  if (amended !== null && lastPhase >= PHASES.indexOf('sending'))
    recorder.amend(outcome, amended, status, timings);
}
