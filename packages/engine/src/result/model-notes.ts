import type { Histogram } from '../recorder/histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import { mergeOutcomes } from '../recorder/operation-measures.ts';
import type { ResultNote } from '../document/schema.ts';

/** A note for a run that nothing judged. @param judged number of thresholds, and of objectives that could be measured */
export function judgeNotes(judged: number): ResultNote[] {
  if (judged > 0) return [];
  return [
    {
      level: 'warning',
      code: 'nothing-judged',
      text: 'no threshold and no objective judged this run: a pass only means that requests succeeded.',
    },
  ];
}

/** Notes on the limits of measurements in the closed model. */
export function modelNotes(total: Measures): ResultNote[] {
  const closed = total.run.scenarios.filter(({ executor }) => executor.model === 'closed');
  if (closed.length === 0) return [];
  const names = closed.map(({ name }) => name);
  const slowest = mergeOutcomes(
    total.mergeOperations(({ scenario }) => names.includes(scenario)).response,
  ).max;
  if (slowest === undefined) return [];
  const who = names.length === 1 ? `scenario ${names[0]} is` : `scenarios ${names.join(', ')} are`;
  return [
    {
      level: 'info',
      code: 'closed-model',
      text:
        `${who} of the closed model: users wait for each response, so a slow target receives fewer requests. ` +
        `The longest stall that a user met was ${(slowest / 1000).toFixed(0)} ms; ` +
        'its effect on the arrivals of an open model, which do not wait, is not known.',
    },
  ];
}

/** Notes on times above one hour, which histograms record as one hour. */
export function clampNotes(total: Measures): ResultNote[] {
  const notes: ResultNote[] = [];
  const tell = (clamped: number, what: string): void => {
    if (clamped === 0) return;
    const text = `${clamped} ${what} of more than 1 h are recorded as 1 h: percentiles, mean and maximum that include them are too low.`;
    notes.push({ level: 'warning', code: 'clamped', text });
  };
  const responses = total.operations.flatMap(({ response }) => response);
  tell(sum(responses), 'response times');
  tell(sum(total.scenarios.map(({ iterationDuration }) => iterationDuration)), 'iterations');
  tell(
    sum(total.groups.flatMap((groups) => [...groups].map(([, durations]) => durations))),
    'durations of groups',
  );
  tell(sum(total.operations.map(({ queueWait }) => queueWait)), 'waits for a connection');
  tell(total.pacerLag.clamped, 'delays of planned starts');
  const streamed = total.operations.flatMap(({ streams }) =>
    streams === undefined ? [] : Object.values(streams.times),
  );
  tell(sum(streamed), 'times of streams');
  return notes;
}

function sum(histograms: readonly (Histogram | undefined)[]): number {
  return histograms.reduce((count, histogram) => count + (histogram?.clamped ?? 0), 0);
}
