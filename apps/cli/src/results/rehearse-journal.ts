import type { RunInfo, SnapshotPart } from '@jarvis-load/engine';
import type { HistogramSnapshot } from '@jarvis-load/engine/recorder';
import { packSnapshotInSteps } from '@jarvis-load/engine/replay';
import { rehearse } from '@jarvis-load/outputs';
import { JournalEncoder } from './journal-format.ts';

/** Values of a bucket of a busy operation; with more than two, histograms are packed in another way. */
const VALUES = 3;

/**
 * Writes made-up seconds of a run, into nothing, before its load: V8 then has compiled what a second takes. Not compiled, a
 * second of 12 operations at 5000/s keeps the thread busy for 25 to 30 ms instead of 2, and requests wait for it.
 */
export function rehearseJournal(run: RunInfo): void {
  const lines = new JournalEncoder();
  rehearse(run, (second) => {
    const delta = second.index % 2 === 0 ? second.delta : busier(second.delta);
    const intended = [[second.index, delta.pacerLag]] as const;
    const record = { ...second, delta, intended, pausedMs: 0, notes: [], steering: [] };
    const packing = packSnapshotInSteps(record);
    let step = packing.next();
    while (step.done !== true) step = packing.next();
    const writing = lines.second(step.value);
    while (writing.next().done !== true);
  });
}

function busier(delta: SnapshotPart): SnapshotPart {
  const all = (named: Readonly<Record<string, HistogramSnapshot>>): Record<string, HistogramSnapshot> =>
    Object.fromEntries(Object.entries(named).map(([name, times]) => [name, several(times)]));
  return {
    ...delta,
    operations: delta.operations.map((each) => ({
      ...each,
      response: all(each.response),
      service: all(each.service),
    })),
  };
}

function several(times: HistogramSnapshot): HistogramSnapshot {
  const { counts, count, sum } = times;
  return {
    ...times,
    counts: counts.map((each) => each * VALUES),
    count: count * VALUES,
    sum: sum * VALUES,
  };
}
