import type { RecordedSamples } from '@jarvis-load/engine/ingest';
import { formatCount, type ResultNote } from '@jarvis-load/engine/result';
import { OTHERS, type FoundRun } from './found-run.ts';
import type { UnreadableThreshold } from './unreadable-threshold.ts';
import { listed } from './listed.ts';
import type { ReaderFacts } from './reader-facts.ts';
import type { ReadFacts } from './sample-source.ts';

/** Notes about the origin and the limits of the document's numbers. */
export function ingestNotes(read: {
  readonly facts: ReadFacts;
  readonly reader: ReaderFacts;
  readonly found: FoundRun;
  readonly samples: RecordedSamples;
  readonly unreadable: readonly UnreadableThreshold[];
}): ResultNote[] {
  const { facts, reader, found, samples, unreadable } = read;
  const { earlier, ahead, maxUsers } = samples;
  const notes: ResultNote[] = [
    {
      level: 'info',
      code: 'k6-times',
      text:
        'Measured by k6: service time is its http_req_duration; response time adds the wait for a connection, and ' +
        'counts from the call in the script, since k6 knows no intended start. Percentiles are of HDR buckets, ' +
        "k6's own of raw samples; its values are in extensions.k6.",
    },
    {
      level: 'info',
      code: 'k6-bytes',
      text: 'k6 counts bytes per iteration, headers included: they are known only in total, not per operation.',
    },
  ];
  const warn = (code: string, text: string): void => void notes.push({ level: 'warning', code, text });

  if (facts.csv !== undefined) {
    notes.push({
      level: 'info',
      code: 'k6-csv',
      text:
        'The CSV of k6 declares neither types of metrics nor thresholds: metrics of the script are left out, and how its thresholds ended is known ' +
        `from --summary or --k6-exit alone.${facts.csv.coarse ? ' Its times are whole seconds, and so is the length of the run; K6_CSV_TIME_FORMAT=unix_milli makes k6 write them finer.' : ''}`,
    });
  }
  if (reader.requestsOutside > 0) {
    notes.push({
      level: 'info',
      code: 'k6-setup',
      text: `k6's own metrics and thresholds include ${reader.requestsOutside} requests of setup and teardown; operations, totals and objectives do not.`,
    });
  }
  if (reader.scenarioUntold && reader.requestsOutside > 0) {
    warn(
      'k6-no-scenario',
      `The output of k6 has no system tag scenario: ${reader.requestsOutside} requests in groups called setup or teardown are taken for those of its setup and teardown, and are in no operation. If groups of the script have these names, run k6 with that tag.`,
    );
  }
  if (reader.statusUntold) {
    warn(
      'k6-no-status',
      'The output of k6 has requests without the system tag status: their outcome is taken from http_req_failed.',
    );
  }
  if (earlier > 0) {
    warn(
      'k6-out-of-order',
      `${samplesAre(earlier)} from before the first one of the file: they count in the first second of the run.`,
    );
  }
  if (ahead > 0) {
    warn(
      'k6-wrong-time',
      `${samplesAre(ahead)} more than a day after all others: they count in the last second before them.`,
    );
  }
  if (samples.requests === 0 && found.run.scenarios.length > 0) {
    notes.push({
      level: 'info',
      code: 'k6-no-http',
      text: 'k6 sent no HTTP requests in this run: it is judged by thresholds, iterations and checks.',
    });
  }
  if (!facts.complete) {
    warn(
      'k6-cut-off',
      'The output of k6 is cut off in the middle of a line: it was read up to there, and the run continued after it.',
    );
  }
  const broken = facts.unreadable;
  if (broken > 0) {
    warn(
      'k6-unreadable-lines',
      `${formatCount(broken)} ${broken === 1 ? 'line' : 'lines'} of the output of k6 could not be read, the first of them line ${facts.firstUnreadable}; they are ignored.`,
    );
  }
  if (reader.requestsCut > 0) {
    warn(
      'k6-broken-requests',
      `${formatCount(reader.requestsCut)} ${reader.requestsCut === 1 ? 'request lacks some of its' : 'requests lack some of their'} samples: they count in k6's metrics, but in no operation.`,
    );
  }
  if (facts.undeclared.size > 0) {
    const list = listed(
      [...facts.undeclared].map(
        ([name, count]) => `${name} (${formatCount(count)} ${count === 1 ? 'sample' : 'samples'})`,
      ),
    );
    warn('k6-unknown-metrics', `Metrics without a type in the output are left out: ${list}.`);
  }
  if (unreadable.length > 0) {
    warn(
      'k6-unreadable-thresholds',
      `Thresholds that only k6 can read are not judged here: ${listed(
        unreadable.map(
          ({ metric, expression, ok }) =>
            `${metric}: ${expression}${ok === undefined ? '' : ok ? ' (k6: passed)' : ' (k6: failed)'}`,
        ),
      )}.`,
    );
  }
  if (found.overflowed) {
    warn(
      'k6-many-operations',
      `The script has more operations than a report can hold; the others are combined as ${OTHERS}. Give requests a name tag.`,
    );
  }
  if (found.run.scenarios.length > 1 && maxUsers > 0) {
    notes.push({
      level: 'info',
      code: 'k6-users',
      text: 'k6 does not record the number of users per scenario, only the total.',
    });
  }
  return notes;
}

function samplesAre(count: number): string {
  return count === 1 ? '1 sample is' : `${formatCount(count)} samples are`;
}
