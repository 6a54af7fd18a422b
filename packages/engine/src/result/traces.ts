import type { Traces } from '../document/schema.ts';
import type { RecordedRun } from '../model/compiled-run.ts';
import type { Measures } from '../recorder/measures.ts';

/** The requests that carried a `traceparent`, for the document; undefined: there was none. */
export function tracesOf(run: RecordedRun, total: Measures): Traces | undefined {
  let requests = 0;
  const slowest: Traces['slowest'] = [];
  for (const { index, scenario, operation } of run.operations) {
    const traced = total.operations[index]!.traced;
    if (traced === undefined) continue;
    const { name, method, route } = operation;
    requests += traced.requests;
    for (const request of traced.slowest)
      slowest.push({ scenario, operation: name, method, route, ...request });
  }
  if (requests === 0) return undefined;
  return { requests, slowest: slowest.sort((a, b) => b.responseTimeMs - a.responseTimeMs) };
}
