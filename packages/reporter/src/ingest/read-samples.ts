import { parseLine, type K6MetricLine } from './k6-line.ts';
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
}

/** k6's own metrics, declared here in case the file lacks its beginning. */
const KNOWN: readonly (readonly [K6MetricLine['type'], string, readonly string[]])[] = [
  ['counter', 'default', ['http_reqs', 'iterations', 'dropped_iterations']],
  ['counter', 'default', ['ws_sessions', 'ws_msgs_sent', 'ws_msgs_received']],
  ['counter', 'data', ['data_sent', 'data_received']],
  ['gauge', 'default', ['vus', 'vus_max']],
  ['rate', 'default', ['http_req_failed', 'checks']],
  [
    'trend',
    'time',
    [
      'http_req_duration',
      'http_req_blocked',
      'http_req_connecting',
      'http_req_tls_handshaking',
      'http_req_sending',
      'http_req_waiting',
      'http_req_receiving',
      'iteration_duration',
      'group_duration',
      'ws_connecting',
      'ws_session_duration',
      'ws_ping',
    ],
  ],
];
const MOST_UNDECLARED = 100;

/** Reads all lines into `table` and `reader`. */
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

  const read = (text: string): void => {
    if (text === '' || text === '\r') return;
    const line = parseLine(text);
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

  const batches = readLines(chunks);
  for (;;) {
    const batch = await batches.next();
    if (batch.done === true) {
      reader.finish();
      const complete = batch.value.complete || lastReadable;
      return { readable, unreadable, firstUnreadable, complete, undeclared };
    }
    for (const text of batch.value) {
      number++;
      read(text);
    }
  }
}

function declareKnown(table: MetricTable, name: string, scriptMetrics: ScriptMetrics | undefined): boolean {
  if (scriptMetrics !== undefined && Object.values(scriptMetrics).includes(name)) {
    const isTime = name === scriptMetrics.responseTime;
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
  const known = KNOWN.find(([, , names]) => names.includes(name));
  if (known === undefined) return false;
  const [type, contains] = known;
  table.declare({ name, type, contains, thresholds: [], aborting: [], submetrics: [] });
  return true;
}
