import { isK6CsvHeader, K6CsvLines } from './k6-csv.ts';
import { parseLine, type K6Line } from './k6-line.ts';
import { knownMetric } from './known-metrics.ts';
import type { MetricTable } from './metric-table.ts';
import { readLines } from './read-lines.ts';
import type { SampleReader, ScriptMetrics } from './sample-reader.ts';

/** Facts about the reading of a file. */
export interface ReadFacts {
  /** Lines with a metric or a sample. */
  readonly readable: number;
  /** Lines that are neither a metric nor a sample. */
  readonly unreadable: number;
  /** Line number, from 1; `undefined` when every line could be read. */
  readonly firstUnreadable: number | undefined;
  /** False when the file ends in the middle of a line. */
  readonly complete: boolean;
  /** Number of samples of each metric that was never declared, by name. */
  readonly undeclared: ReadonlyMap<string, number>;
  /** `--out csv`: it declares no metric, and has no thresholds; `coarse`: its times are whole seconds. */
  readonly csv: { readonly coarse: boolean } | undefined;
}

const MOST_UNDECLARED = 100;

/** Reads all lines of `--out json` or `--out csv` into `table` and `reader`. */
export async function readSamples(
  chunks: AsyncIterable<Uint8Array>,
  table: MetricTable,
  reader: SampleReader,
  scriptMetrics: ScriptMetrics | undefined,
): Promise<ReadFacts> {
  const undeclared = new Map<string, number>();
  let number = 0;
  let readable = 0;
  let unreadable = 0;
  let firstUnreadable: number | undefined;
  let lastReadable = true;
  let csv: K6CsvLines | undefined;

  const take = (line: K6Line): void => {
    lastReadable = line.kind !== 'unreadable';
    if (line.kind === 'unreadable') {
      unreadable++;
      firstUnreadable ??= number;
      return;
    }
    readable++;
    if (line.kind === 'metric') {
      table.declare(line.metric);
      return;
    }
    const { metric } = line.point;
    if (!table.has(metric) && !declareKnown(table, metric, scriptMetrics)) {
      if (undeclared.size < MOST_UNDECLARED) undeclared.set(metric, (undeclared.get(metric) ?? 0) + 1);
      return;
    }
    reader.add(line.point);
  };

  const read = (text: string): void => {
    if (text === '' || text === '\r') return;
    if (number === 1 && isK6CsvHeader(text)) {
      csv = new K6CsvLines(text);
      return;
    }
    for (const line of csv?.parse(text) ?? [parseLine(text)]) take(line);
  };

  const batches = readLines(chunks);
  for (;;) {
    const batch = await batches.next();
    if (batch.done === true) {
      for (const line of csv?.end() ?? []) take(line);
      reader.finish();
      const complete = batch.value.complete || lastReadable;
      return {
        readable,
        unreadable,
        firstUnreadable,
        complete,
        undeclared,
        csv: csv && { coarse: csv.coarse },
      };
    }
    for (const text of batch.value) {
      number++;
      read(text);
    }
  }
}

function declareKnown(table: MetricTable, name: string, scriptMetrics: ScriptMetrics | undefined): boolean {
  if (scriptMetrics !== undefined && Object.values(scriptMetrics).includes(name)) {
    const isTime = name === scriptMetrics.responseTime || name === scriptMetrics.turnTime;
    const type = isTime ? 'trend' : 'counter';
    table.declare({
      name,
      type,
      contains: isTime ? 'time' : 'default',
      thresholds: [],
      aborting: [],
      submetrics: [],
    });
    return true;
  }
  const known = knownMetric(name);
  if (known === undefined) return false;
  table.declare({ name, ...known, thresholds: [], aborting: [], submetrics: [] });
  return true;
}
