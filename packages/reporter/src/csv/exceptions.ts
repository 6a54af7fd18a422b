import type { RunResult } from '@jarvis-load/engine/result';
import { csvTable } from './csv-table.ts';

const HEADER = ['Count', 'Message', 'Traceback', 'Nodes'];

/**
 * Locust's `_exceptions.csv`: exceptions thrown by scenario code. The node is `local`, as in a Locust run with one
 * process.
 */
export function renderExceptionsCsv(result: RunResult): string {
  return csvTable(
    HEADER,
    result.exceptions.map((group) => [group.count, group.message, group.traceback, 'local']),
  );
}
