import { PLAIN_OUTCOMES, STREAM_OUTCOMES } from '@jarvis-load/engine/outcome';
import type { OperationPart } from '@jarvis-load/engine';
import { finishMs } from '../delivery/finish-ms.ts';
import { reportLoss } from '../delivery/loss-error.ts';
import type { Exporter } from '../exporter.ts';
import { operationRow } from '../rows/operation-row.ts';
import { STREAM_COUNTS, STREAM_TIMES } from '../rows/stream-row.ts';
import { TIME_STATS, type TimeStats } from '../rows/time-stats.ts';
import { LineFile } from './line-file.ts';
import { pathOfRun } from '../spec/path-of-run.ts';

const times = (name: string): readonly string[] => TIME_STATS.map((stat) => `${name}_${stat}_ms`);

/** The columns, in their order, which is that of the cells of a line below. Names of times and streams come from `rows`. */
export const CSV_COLUMNS: readonly string[] = [
  'time',
  'elapsed_s',
  'testid',
  'scenario',
  'operation',
  'requests',
  'failed',
  ...PLAIN_OUTCOMES,
  'interrupted',
  'retries',
  'bytes_sent',
  'bytes_received',
  'users',
  ...times('response'),
  ...times('service'),
  ...times('queue_wait'),
  ...STREAM_OUTCOMES,
  ...STREAM_COUNTS,
  ...STREAM_TIMES.flatMap(([, name]) => times(name)),
];

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run such a text as a formula.
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

const cells = (stats: TimeStats | undefined): readonly (number | null)[] =>
  TIME_STATS.map((stat) => stats?.[stat] ?? null);

/** `csv`: a line per operation and second, of operations with a measurement in it. @param manyRuns a file for each */
export function csvOutput(path: string, manyRuns = false): Exporter {
  let file: LineFile | undefined;
  let testid = '';
  const line = (part: OperationPart, time: string, elapsedS: number, users: number): string => {
    const row = operationRow(part);
    const { outcomes, streams } = row;
    return [
      time,
      elapsedS,
      testid,
      row.scenario,
      row.operation,
      row.requests,
      row.failed,
      ...PLAIN_OUTCOMES.map((outcome) => outcomes[outcome]),
      row.interrupted,
      row.retries,
      row.bytesSent,
      row.bytesReceived,
      users,
      ...cells(row.responseMs),
      ...cells(row.serviceMs),
      ...cells(row.queueWaitMs),
      ...STREAM_OUTCOMES.map((outcome) => outcomes[outcome]),
      ...STREAM_COUNTS.map((name) => streams?.[name] ?? null),
      ...STREAM_TIMES.flatMap(([name]) => cells(streams?.[name])),
    ]
      .map(cell)
      .join(',');
  };
  return {
    async start(run) {
      testid = run.tags['testid'] ?? run.runId;
      file = new LineFile(manyRuns ? pathOfRun(path, run.runId) : path);
      file.write(`${CSV_COLUMNS.join(',')}\r\n`, 1);
    },
    second({ delta, startWallMs, endMs }) {
      const time = new Date(startWallMs + endMs).toISOString();
      const users = new Map(delta.scenarios.map((part) => [part.scenario, part.users]));
      const lines = delta.operations.map(
        (part) => `${line(part, time, Math.round(endMs) / 1000, users.get(part.scenario) ?? 0)}\r\n`,
      );
      if (lines.length > 0) file?.write(lines.join(''), lines.length);
    },
    hurry: () => file?.hurry(),
    async stop(result) {
      await file?.close(finishMs(result));
      reportLoss(file?.loss, 'lines');
    },
  };
}
