import { RunRecord } from '../aggregation/run-record.ts';
import { runSnapshot } from '../aggregation/run-snapshot.ts';
import { ThreadMerger } from '../aggregation/thread-merger.ts';
import type { ResolvedRun } from '../definition/resolve-options.ts';
import { GeneratorProbe } from '../machine/generator-probe.ts';
import { MachineWatch } from '../machine/machine-watch.ts';
import { MetricCatalog } from '../metrics/metric-catalog.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { ThreadReport } from '../threads/thread-handle.ts';
import type { IntervalRehearsal } from '../threads/warm-up.ts';
import { runBasis } from './run-basis.ts';
import { threadSamples } from './thread-samples.ts';

const INTERVAL_MS = 1000;
/** Parts of a snapshot that are made for an event or for most outputs. */
const PARTS = ['summary', 'delta', 'thresholds', 'objectives'] as const;

/**
 * Takes the intervals of a warm-up through what an interval of a run goes through, but for circuit breaker, listeners and outputs:
 * machine, merging, totals, thresholds, snapshot. The first interval of the run would otherwise pay for compiling that, 10 to
 * 20 ms in the thread that makes the load.
 *
 * Must hold: what else `Coordinator` and `SnapshotDelivery` do with an interval is done here. The caller calls `end` on every path:
 * it closes files.
 */
export function rehearseIntervals(resolved: ResolvedRun, run: CompiledRun): IntervalRehearsal {
  const basis = runBasis(resolved, run, new MetricCatalog(run));
  const operation = run.operations[0]!.operation.name;
  const record = new RunRecord({
    ...basis,
    threads: 1,
    objectives: [{ operation, p95Ms: 1, p99Ms: 1, errorRate: 0.5 }],
    judging: {
      ...basis.judging,
      thresholds: { http_req_duration: ['p(95)<1'], http_req_failed: ['rate<0.5'], checks: ['rate>0.5'] },
    },
  });
  const merger = new ThreadMerger(run, 1);
  const machine = new MachineWatch();
  const probe = new GeneratorProbe(true);
  machine.begin();
  let index = 0;
  const take = (report: ThreadReport): void => {
    const endMs = (index + 1) * INTERVAL_MS;
    const interval = {
      ...merger.merge([report.interval], endMs),
      index: index++,
      startWallMs: basis.preparedWallMs,
      last: false,
      phase: 'run' as const,
      paused: false,
      pausedMs: 0,
      health: { threads: threadSamples([report], true), rssBytes: probe.rssBytes },
      machine: machine.sample(INTERVAL_MS),
      notes: [],
      steering: [],
    };
    record.add(interval);
    const { value } = runSnapshot(interval, record, probe, 0);
    for (const name of PARTS) void value[name];
  };
  return { take, end: () => machine.end() };
}
