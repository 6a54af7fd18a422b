import type { RunResult } from '@jarvis-load/engine/result';
import { csvTable } from './csv-table.ts';

const HEADER = ['Count', 'Message', 'Traceback', 'Nodes'];

/** Locust's `_exceptions.csv`: exceptions of scenario code. A run in one process has the node `local`. */
export function renderExceptionsCsv(result: RunResult): string {
  return csvTable(
    HEADER,
    result.exceptions.map((group) => [group.count, group.message, group.traceback, 'local']),
  );
}
