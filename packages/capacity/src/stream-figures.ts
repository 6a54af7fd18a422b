import type { RunResult } from '@jarvis-load/engine/result';
import type { StreamFigures } from './step.ts';

/** The figures of the streamed responses of a run; undefined without any. */
export function streamFigures({ operations }: Pick<RunResult, 'operations'>): StreamFigures | undefined {
  const all = operations.flatMap(({ operation, streams }) =>
    streams === undefined || streams.streams === 0 ? [] : [{ operation, streams }],
  );
  const [main] = all.toSorted(
    (a, b) => b.streams.tokens - a.streams.tokens || b.streams.streams - a.streams.streams,
  );
  if (main === undefined) return undefined;
  const { percentiles } = main.streams.ttft;
  const goodputs = all.flatMap(({ streams }) => streams.goodput ?? []);
  const planned = goodputs.reduce((sum, each) => sum + each.planned, 0);
  return {
    operation: main.operation,
    ttftP50Ms: percentiles.p50,
    ttftP95Ms: percentiles.p95,
    ttftP99Ms: percentiles.p99,
    tokensPerSecond: all.reduce((sum, { streams }) => sum + streams.tokensPerSecond, 0),
    goodput: planned === 0 ? null : goodputs.reduce((sum, each) => sum + each.good, 0) / planned,
  };
}
