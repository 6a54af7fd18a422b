import { sampleTruth } from './analytic.js';
import { nowMs } from './monotonic-clock.js';
import type { ScriptedServer, ServerReport } from './scripted-server.js';
import { runLoad, type RunOptions, type RunResult } from '../../src/index.ts';
import type { ConstantArrivalRateOptions } from '../../src/model/executor-options.ts';

/** A run in which every request carries its number in the schedule, to compare it with the server's record. */
export interface NumberedRun {
  readonly result: RunResult;
  readonly report: ServerReport;
  /** From each intended start to when the server answered, by the server's clock: lower limit of each response time. */
  readonly atLeast: ReturnType<typeof sampleTruth>;
  /** From each intended start to when scenario code had the response: upper limit of each response time. */
  readonly atMost: ReturnType<typeof sampleTruth>;
  /** Total lateness of this machine in this run, in milliseconds, which the analytic result does not include. */
  readonly latenessMs: number;
}

export interface NumberedRunOptions extends Omit<RunOptions, 'baseUrl' | 'scenarios'> {
  readonly ratePerSecond: number;
  readonly durationMs: number;
  /** @default 5000 */
  readonly maxVUs?: number;
  /** Called before each request is sent, such as to block the event loop. */
  readonly before?: (k: number) => void;
}

/** Runs a constant arrival rate against a scripted server; both sides record their times. */
export async function numberedRun(
  server: ScriptedServer,
  { ratePerSecond, durationMs, maxVUs = 5000, before, ...options }: NumberedRunOptions,
): Promise<NumberedRun> {
  const startedMs: number[] = [];
  const endedMs: number[] = [];
  const executor: ConstantArrivalRateOptions = {
    kind: 'constant-arrival-rate',
    rate: ratePerSecond,
    duration: durationMs,
    maxVUs,
    preAllocatedVUs: 0,
  };
  const result = await runLoad({
    ...options,
    baseUrl: server.origin,
    scenarios: [
      {
        name: 'numbered',
        operations: [{ name: 'get', method: 'GET', route: '/' }],
        executor,
        async run(user) {
          const k = startedMs.push(nowMs()) - 1;
          before?.(k);
          await user.request({ operation: 'get', path: `/?k=${k}` });
          endedMs[k] = nowMs();
        },
      },
    ],
  });
  const report = await server.report();

  // Iterations are never handed out early, so the earliest one minus its own lag gives the start of the schedule.
  const stepMs = 1000 / ratePerSecond;
  const originMs = Math.min(...startedMs.map((ms, k) => ms - k * stepMs));
  const intendedMs = (k: number): number => originMs + k * stepMs;
  const { numbers, answeredMs, dueMs } = report;
  const answerLagMs = Math.max(...answeredMs.map((ms, entry) => ms - dueMs[entry]!));
  return {
    result,
    report,
    atLeast: sampleTruth(answeredMs.map((ms, entry) => ms - intendedMs(numbers[entry]!))),
    atMost: sampleTruth(endedMs.map((ms, k) => ms - intendedMs(k))),
    latenessMs: answerLagMs + report.latestMs + (result.health.pacerLag.maxMs ?? 0),
  };
}
