import type { K6Summary } from './k6-summary.ts';
import type { MetricTable } from './metric-table.ts';

/** k6's counters of every run, and its times; one value of each tells two runs of a script apart. */
const COUNTERS = ['http_reqs', 'iterations'] as const;
const TIMES = ['http_req_duration', 'iteration_duration'] as const;
/** CSV has six digits of a millisecond. */
const ROUNDED_MS = 1e-5;

/**
 * What shows that a summary is not of the run of the samples, such as `http_reqs is 60 there, 58 in the samples`; undefined where
 * nothing does. k6 gives each sample to all its outputs, also in a run that was interrupted, so that counts and longest times of one
 * run are equal. A value that either side lacks shows nothing.
 *
 * @param complete false where samples are missing, such as behind the end of a full disk: only more of them than the summary counts
 * show another run then
 */
export function otherRun({ metrics }: K6Summary, table: MetricTable, complete: boolean): string | undefined {
  const differs = (there: number, here: number, most: number): boolean =>
    complete ? Math.abs(there - here) > most : here > there + most;
  for (const name of COUNTERS) {
    const there = metrics[name]?.['count'];
    const here = table.sink(name)?.sum;
    if (there !== undefined && here !== undefined && differs(there, here, 0))
      return `${name} is ${there} there, ${here} in the samples`;
  }
  for (const name of TIMES) {
    const there = metrics[name]?.['max'];
    const here = table.sink(name)?.max;
    if (there !== undefined && here !== undefined && differs(there, here, ROUNDED_MS))
      return `the longest ${name} is ${there} ms there, ${here} ms in the samples`;
  }
  return undefined;
}
