import type { RunResult } from '@jarvis-load/engine/result';

/** Seconds with much waiting for a processor are tolerated up to this share of the run. */
const MOST_LOUD = 0.05;

/** The runs of which response times and throughput are compared. */
export interface TimedRuns {
  readonly base: readonly RunResult[];
  readonly candidate: readonly RunResult[];
  /** Why these figures cannot be compared; undefined where they can. */
  readonly reason: string | undefined;
  /** What was left out, in a sentence each. */
  readonly notes: readonly string[];
}

/**
 * The runs that did not lack processor time: waiting for a processor lengthens response times, and differs from run to run, so
 * a change between quiet and busy runs says nothing about the target. Between two single runs one busy run is the reason not to
 * compare; of several runs a side the busy ones are left out, and the rest is compared as long as it has a spread. A machine that
 * was not measured counts as quiet.
 * @param taken all of them count: runs that took turns (what the machine did met both sides), or that the user forces
 */
export function timedRuns(
  base: readonly RunResult[],
  candidate: readonly RunResult[],
  taken: boolean,
): TimedRuns {
  const all = { base, candidate, reason: undefined, notes: [] };
  const reason = taken ? undefined : busyMachine([...base, ...candidate]);
  if (reason === undefined) return all;
  const [quietBase, quietNew] = [base, candidate].map((runs) => runs.filter((run) => !isBusy(run))) as [
    RunResult[],
    RunResult[],
  ];
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

/** Whether the machine of a run lacked processor time: its response times and throughput say nothing about the target. */
export function isBusy(run: RunResult): boolean {
  return busyMachine([run]) !== undefined;
}

/** Which run lacked processor time, and how long; undefined where none did. */
function busyMachine(runs: readonly RunResult[]): string | undefined {
  for (const { run, health } of runs) {
    for (const { part, machine } of health.machines ?? [{ part: null, machine: health.machine }]) {
      const { loudSeconds = 0, seconds = 0 } = machine ?? {};
      if (loudSeconds <= MOST_LOUD * seconds) continue;
      const of = part === null ? '' : ` of ${part}`;
      return `the machine${of} was short of processor time in ${loudSeconds} of ${seconds} s of run ${run.id}`;
    }
  }
  return undefined;
}
