/**
 * Reads what `k6 run --out json` or `--out csv` wrote, and makes a result document of it (`./ingest`).
 *
 * Must hold:
 * - `chunks` of all files are read at the same time, each once. Where `readK6` rejects, it does not close them: their owner does.
 * - The files share metrics, scenarios and recorder, and each has a reader of its own: the samples of one request are consecutive
 *   only within a file.
 * - What `onSecond` throws rejects `readK6`.
 * - Nothing is redacted: the caller redacts the document.
 */
import type { ScenarioDefinition } from '@jarvis-load/engine';
import { SampleRecorder, type OnSecond } from '@jarvis-load/engine/ingest';
import type { RunResult } from '@jarvis-load/engine/result';
import { ReporterError } from '../errors.ts';
import { FoundRun } from './found-run.ts';
import { buildDocument } from './build-document.ts';
import type { ReaderFacts } from './reader-facts.ts';
import type { K6Thresholds } from './judge-thresholds.ts';
import { readSummary } from './k6-summary.ts';
import { otherRun } from './other-run.ts';
import { MetricTable } from './metric-table.ts';
import { readSamples } from './read-samples.ts';
import { RunnerLevels } from './runner-levels.ts';
import { SampleReader, type ScriptMetrics } from './sample-reader.ts';
import { SampleSource, type ReadFacts } from './sample-source.ts';
import type { K6ResultOptions } from './k6-result-options.ts';

/** A file that `k6 run --out json` or `--out csv` wrote. */
export interface K6File {
  /** Named in errors and reasons. */
  readonly fileName: string;
  /** Its bytes, uncompressed. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** What one file of a run contains. */
export interface K6FilePart {
  readonly fileName: string;
  /** HTTP requests of the run, without those of setup and teardown and without turns on WebSockets. */
  readonly requests: number;
  /**
   * Times of its first and last sample, Unix time in milliseconds by the clock of its machine; Infinity and -Infinity without a
   * sample.
   */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Known facts about a run before its output is read. All are optional: a document can be made from the file alone. */
export interface K6ReadOptions {
  /**
   * Definitions of the scenarios: names, routes, demand. One with an executor is taken to have run; one without is used
   * when a sample names it.
   */
  readonly scenarios?: readonly ScenarioDefinition[];
  /** Names of scenarios in the samples that are not those of `scenarios`, each with the name there. */
  readonly scenarioNames?: ReadonlyMap<string, string>;
  /**
   * Names of custom metrics in which a script reports what k6 does not record. Without this option, or if the output
   * has neither `started` nor `outcomes`, the script is treated as foreign, and `scenarios` without an executor are not used.
   */
  readonly scriptMetrics?: ScriptMetrics;
  /** The thresholds passed to k6; those in the output and in the summary are judged too. */
  readonly thresholds?: K6Thresholds;
  /**
   * Called for each second of load once it has been read, with a delay of some seconds: for progress of a running test.
   */
  readonly onSecond?: OnSecond;
}

/** The complete output of a k6 run. */
export interface K6Reading {
  /** Names of the requested operations. */
  readonly operations: readonly string[];
  /** Whether the script writes `started` or `outcomes` of `scriptMetrics`. */
  readonly isOurs: boolean;
  /** In the order in which the files were given. */
  readonly files: readonly K6FilePart[];
  /**
   * What shows that a summary of k6 is not of this run, as words for a message; undefined where nothing does. A summary in no known
   * format shows nothing.
   */
  otherRun(summary: unknown): string | undefined;
  /** Builds the result document; a summary among the options is of this run. */
  result(options?: K6ResultOptions): RunResult;
}

/**
 * Reads k6's `--out json` (NDJSON) or `--out csv`, uncompressed, as streams: memory use does not grow with the number of samples.
 * Several files are those of the runners of one run: their samples are read in the order of their times, users are added up,
 * thresholds are judged over all. A truncated file is read up to its end, and the document says so.
 *
 * @param files at least one
 * @throws ReporterError `not_k6_output` when no line of a file has k6's format; `k6_other_test` when a file declares other
 * thresholds
 */
export async function readK6(files: readonly K6File[], options: K6ReadOptions = {}): Promise<K6Reading> {
  const { scenarios = [], scenarioNames, thresholds = {}, scriptMetrics } = options;
  const table = new MetricTable(Object.keys(thresholds).filter((name) => name.includes('{')));
  const isOurs = (): boolean =>
    scriptMetrics !== undefined && (table.has(scriptMetrics.started) || table.has(scriptMetrics.outcomes));
  const found = new FoundRun(scenarios, isOurs, scenarioNames);
  const recorder = new SampleRecorder(found.run, options.onSecond);
  const levels = new RunnerLevels();
  const script = { metrics: scriptMetrics, isOurs };
  const sources = files.map((file) => {
    const reader = new SampleReader(table, found, script, recorder, levels.open());
    return new SampleSource(file, table, reader, scriptMetrics);
  });
  const facts = await readSamples(sources);
  for (const { fileName, readable, unreadable, complete } of facts) {
    if (readable > 0) continue;
    throw new ReporterError(
      'not_k6_output',
      `${fileName} is not output of k6: none of its ${unreadable + (complete ? 0 : 1)} lines is a metric or a sample. ` +
        'Expected what `k6 run --out json=<file>` or `--out csv=<file>` writes.',
    );
  }
  const samples = recorder.finish();
  const readers = sources.map(({ reader }) => reader);
  const read = {
    fileName: files.map(({ fileName }) => fileName).join(', '),
    thresholds,
    table,
    found,
    reader: sumOfReaders(readers),
    facts: sumOfFacts(facts),
    samples,
  };
  return {
    operations: [...new Set(found.run.operations.map(({ operation }) => operation.name))],
    isOurs: isOurs(),
    files: readers.map(({ requests, firstMs, lastMs }, index) => ({
      fileName: files[index]!.fileName,
      requests,
      firstMs,
      lastMs,
    })),
    otherRun(json) {
      const summary = readSummary(json);
      const { complete, unreadable } = read.facts;
      return summary && otherRun(summary, table, complete && unreadable === 0);
    },
    result: (resultOptions = {}) => buildDocument(read, resultOptions),
  };
}

function sumOfReaders(readers: readonly SampleReader[]): ReaderFacts {
  const sum = (read: (reader: SampleReader) => number): number =>
    readers.reduce((total, each) => total + read(each), 0);
  const known = (read: (reader: SampleReader) => number | null): number | null =>
    readers.every((each) => read(each) === null) ? null : sum((each) => read(each) ?? 0);
  return {
    requests: sum(({ requests }) => requests),
    requestsOutside: sum(({ requestsOutside }) => requestsOutside),
    requestsCut: sum(({ requestsCut }) => requestsCut),
    scenarioUntold: readers.some(({ scenarioUntold }) => scenarioUntold),
    expectedTold: readers.some(({ expectedTold }) => expectedTold),
    statusUntold: readers.some(({ statusUntold }) => statusUntold),
    bytesSent: known(({ bytesSent }) => bytesSent),
    bytesReceived: known(({ bytesReceived }) => bytesReceived),
    firstMs: Math.min(...readers.map(({ firstMs }) => firstMs)),
    lastMs: Math.max(...readers.map(({ lastMs }) => lastMs)),
  };
}

/** Sums over all files; the name is of the first file that was cut off, the first unreadable line of the first one with such a line. */
function sumOfFacts(facts: readonly ReadFacts[]): ReadFacts {
  const undeclared = new Map<string, number>();
  for (const [name, count] of facts.flatMap((each) => [...each.undeclared])) {
    undeclared.set(name, (undeclared.get(name) ?? 0) + count);
  }
  const csv = facts.flatMap((each) => each.csv ?? []);
  const cut = facts.find(({ complete }) => !complete);
  return {
    fileName: (cut ?? facts[0]!).fileName,
    readable: facts.reduce((sum, { readable }) => sum + readable, 0),
    unreadable: facts.reduce((sum, { unreadable }) => sum + unreadable, 0),
    firstUnreadable: facts.find(({ unreadable }) => unreadable > 0)?.firstUnreadable,
    complete: facts.every(({ complete }) => complete),
    undeclared,
    csv: csv.length === 0 ? undefined : { coarse: csv.some(({ coarse }) => coarse) },
  };
}
