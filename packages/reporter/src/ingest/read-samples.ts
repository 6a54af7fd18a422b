import type { ReadFacts, SampleSource } from './sample-source.ts';

/**
 * Takes all lines of all files in the order of their times, as if one runner had written them; within a file the order
 * stays. Calls `finish` of a reader when its file has ended.
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
    const [first, ...others] = open;
    if (first === undefined) return sources.map(({ facts }) => facts);
    let next = first;
    let untilMs = Number.POSITIVE_INFINITY;
    for (const source of others) {
      if (source.nextMs < next.nextMs) {
        untilMs = Math.min(untilMs, next.nextMs);
        next = source;
      } else untilMs = Math.min(untilMs, source.nextMs);
    }
    do next.take();
    while (next.ready() && next.nextMs <= untilMs);
  }
}
