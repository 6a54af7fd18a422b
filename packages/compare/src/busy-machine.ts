import type { MachineHealth, OperationStats, RunResult } from '@jarvis-load/engine/result';
import { DEFAULT_TOLERANCES, type Tolerance } from './metrics.ts';

/** Seconds with much waiting for a processor are tolerated up to this share of the run. */
const MOST_LOUD = 0.05;
/** A response passes this often through an event loop: sent, received by the target, answered, received. */
const PASSES = 4;
/** So long a thread waits while the scheduler lets another one finish its slice. */
const SLICE_MS = 4;
/** Above these shares of the time, a quota or the hypervisor holds threads, for longer than a slice. */
const MOST_THROTTLED = 0.01;
const MOST_STOLEN = 0.05;
/** Of the time of a thread: where more is lost, work piles up, and no bound holds. */
const MOST_LOST = 0.5;

/** The runs of which response times and throughput are compared. */
export interface TimedRuns {
  readonly base: readonly RunResult[];
  readonly candidate: readonly RunResult[];
  /** Why these figures cannot be compared; undefined where they can. */
  readonly reason: string | undefined;
  /** What was left out, in a sentence each. */
  readonly notes: readonly string[];
}

/** Which figures are compared. */
export interface TimedSubject {
  /** The statistics of a run: an operation, or the totals. */
  readonly statsOf: (run: RunResult) => OperationStats;
  /** Of its median. */
  readonly tolerance: Tolerance;
}

/**
 * The runs in which processor time did not decide the figures of a subject: waiting for a processor lengthens response times,
 * and differs from run to run, so a change between quiet and busy runs says nothing about the target. Between two single runs one
 * busy run is the reason not to compare; of several runs a side the busy ones are left out, and the rest is compared as long as it
 * has a spread. A machine that was not measured counts as quiet.
 * @param taken all of them count: runs that took turns (what the machine did met both sides), or that the user forces
 */
export function timedRuns(
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  taken: boolean,
  { statsOf, tolerance }: TimedSubject,
): TimedRuns {
  const all = { base, candidate, reason: undefined, notes: [] };
  const busy = (run: RunResult): string | undefined => busyMachine(run, statsOf(run), tolerance);
  const reason = taken ? undefined : firstOf([...base, ...candidate], busy);
  if (reason === undefined) return all;
  const quiet = (runs: readonly RunResult[]): RunResult[] => runs.filter((run) => busy(run) === undefined);
  const [quietBase, quietNew] = [quiet(base), quiet(candidate)];
  const least = Math.min(quietBase.length, quietNew.length);
  if (least === 0 || quietBase.length + quietNew.length < 3) return { ...all, reason };
  const notes = [
    leftOut(base.length - quietBase.length, base.length, 'the base'),
    leftOut(candidate.length - quietNew.length, candidate.length, 'the new side'),
  ].filter((note) => note !== '');
  return { base: quietBase, candidate: quietNew, reason: undefined, notes };
}

function leftOut(count: number, of: number, side: string): string {
  return count === 0
    ? ''
    : `${count} of ${of} runs of ${side} left out of response times and throughput: the machine was short of processor time`;
}

function firstOf<T, R>(values: readonly T[], map: (value: T) => R | undefined): R | undefined {
  for (const value of values) {
    const found = map(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Whether the machine of a run lacked so much processor time that response times and throughput say nothing about the target.
 * @param stats of one operation; the totals unless given
 * @param tolerance of p50
 */
export function isBusy(
  run: RunResult,
  stats: OperationStats = run.totals,
  tolerance: Tolerance = DEFAULT_TOLERANCES.p50,
): boolean {
  return busyMachine(run, stats, tolerance) !== undefined;
}

/** That a run lacked processor time, how long, and what it can have added to a response; undefined where it does not matter. */
function busyMachine(
  { run, health, totals }: RunResult,
  stats: OperationStats,
  { change, floorMs = 0 }: Tolerance,
): string | undefined {
  const machines: readonly { part: string | null; machine: MachineHealth | null }[] = health.machines ?? [
    { part: null, machine: health.machine },
  ];
  const { percentiles, meanMs } = stats.responseTimeOk;
  const mattersMs = Math.max(floorMs, change * (percentiles.p50 ?? meanMs ?? 0));
  return firstOf(machines, ({ part, machine }) => {
    if (machine === null || machine.loudSeconds <= MOST_LOUD * machine.seconds) return undefined;
    const addedMs = addedByWaiting(machine, totals.requests / machines.length);
    if (addedMs <= mattersMs) return undefined;
    const of = part === null ? '' : ` of ${part}`;
    const added = Number.isFinite(addedMs) ? `, about ${addedMs.toFixed(1)} ms of each response` : '';
    return `the machine${of} was short of processor time in ${machine.loudSeconds} of ${machine.seconds} s of run ${run.id}${added}`;
  });
}

/**
 * The time that waiting can have added to a response on the average, in milliseconds: all of the waiting by response (at low
 * loads the threads wait because a response woke them), or what each pass through a waiting thread costs (at high loads one wait
 * delays many responses), whichever is more. Measured beside 0 to 4 spinning processes: docs/reference/comparison.md.
 * @returns Infinity where a quota or the hypervisor held the threads, they lost most of their time, or that is not known
 */
function addedByWaiting(
  { lostShare, seconds, throttledMs, stealShare }: MachineHealth,
  requests: number,
): number {
  const held = (throttledMs ?? 0) > 1000 * MOST_THROTTLED * seconds || (stealShare ?? 0) > MOST_STOLEN;
  if (held || typeof lostShare !== 'number' || lostShare > MOST_LOST) return Infinity;
  return lostShare * Math.max((1000 * seconds) / Math.max(1, requests), PASSES * SLICE_MS);
}
