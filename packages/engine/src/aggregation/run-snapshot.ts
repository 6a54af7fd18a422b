import { EngineError } from '../errors.ts';
import type { GeneratorProbe } from '../machine/generator-probe.ts';
import type { RunSnapshot } from '../model/run-snapshot.ts';
import type { SnapshotPart } from '../model/snapshot-part.ts';
import { intervalEvent } from './interval-event.ts';
import { lastOf } from './last-of.ts';
import { lazy, type Lazy } from './lazy.ts';
import type { RecordedInterval } from './merged-interval.ts';
import { progressAt } from './progress.ts';
import type { RunRecord } from './run-record.ts';
import { snapshotPart, snapshotPartInSteps } from './snapshot-part.ts';

/**
 * A snapshot whose `delta` can be made in steps.
 *
 * Must hold: the caller runs `prepareDelta` to its end before `delta` is read, or not at all. It calls `close` before the record
 * takes another interval: properties are made of the totals of the record when they are first read.
 */
interface SteppedSnapshot extends Lazy<RunSnapshot> {
  /** Makes `delta`; the event loop may turn between the steps. */
  prepareDelta(): Generator<undefined, void>;
  /** Whether `delta` has been read. */
  readonly deltaIsRead: boolean;
}

/**
 * The run at the end of an interval that its record has just taken.
 * @param warmUpRequests before the load
 */
export function runSnapshot(
  interval: RecordedInterval,
  record: RunRecord,
  probe: GeneratorProbe,
  warmUpRequests: number,
): SteppedSnapshot {
  const {
    index,
    startMs,
    endMs,
    startWallMs,
    last,
    phase,
    paused,
    pausedMs,
    measures,
    machine,
    notes,
    steering,
  } = interval;
  const { total, errors, overall } = record.totals;
  const { utilization } = record.health;
  const progress = () => progressAt(record.run, endMs);
  const deltaInSteps = () => snapshotPartInSteps(measures, interval.loads, interval, errors.fresh);
  let delta: SnapshotPart | undefined;
  let deltaIsRead = false;
  const snapshot = lazy<RunSnapshot>(
    {
      index: () => index,
      startMs: () => startMs,
      endMs: () => endMs,
      startWallMs: () => startWallMs,
      last: () => last,
      phase: () => phase,
      paused: () => paused,
      pausedMs: () => pausedMs,
      delta: () => {
        deltaIsRead = true;
        return delta ?? lastOf(deltaInSteps());
      },
      intended: () => interval.intended,
      health: () => ({
        threads: interval.health.threads,
        eventLoopUtilization: utilization,
        cpuSeconds: probe.cpuSeconds,
        machineCpuShare: probe.machineCpuShare,
        rssBytes: interval.health.rssBytes,
        warmUpRequests,
      }),
      machine: () => machine,
      notes: () => notes,
      steering: () => steering,
      progress,
      summary: () =>
        intervalEvent(measures, total, overall, {
          index,
          startMs,
          endMs,
          paused,
          progress: progress(),
          eventLoopUtilization: utilization,
          machine: machine?.second,
        }),
      total: () => snapshotPart(total, total.scenarios, errors.groups),
      thresholds: () => record.thresholds,
      objectives: () => record.objectives,
    },
    (name) => {
      throw new EngineError(
        'invalid-snapshot',
        `"${name}" of snapshot ${index} is read after interval() returned; read it inside interval(): its value then stays available.`,
      );
    },
  );
  return {
    ...snapshot,
    *prepareDelta() {
      delta = yield* deltaInSteps();
    },
    get deltaIsRead() {
      return deltaIsRead;
    },
  };
}
