import type { ReadFacts, SampleSource } from './sample-source.ts';

/**
 * Takes all lines of all files in the order of their times, as if one runner had written them; within a file the order
 * stays, and of lines of one time those of the first file come first. Calls `finish` of a reader when its file has ended.
 * @returns facts of each file
 */
export async function readSamples(sources: readonly SampleSource[]): Promise<readonly ReadFacts[]> {
  let open = sources;
  for (;;) {
    const ended = new Set<SampleSource>();
    for (const source of open) {
      if (!source.ready() && !(await source.fill())) ended.add(source);
    }
    for (const { reader } of ended) reader.finish();
    if (ended.size > 0) open = open.filter((source) => !ended.has(source));
    if (open.length === 0) return sources.map(({ facts }) => facts);
    const next = open.reduce((first, source) => (source.nextMs < first.nextMs ? source : first));
    const at = open.indexOf(next);
    const beforeMs = earliest(open.slice(0, at));
    const untilMs = earliest(open.slice(at + 1));
    do next.take();
    while (next.ready() && next.nextMs < beforeMs && next.nextMs <= untilMs);
  }
}

const earliest = (sources: readonly SampleSource[]): number =>
  Math.min(Number.POSITIVE_INFINITY, ...sources.map(({ nextMs }) => nextMs));
