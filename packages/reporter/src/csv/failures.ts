import type { RunResult } from '@jarvis-load/engine/result';
import { csvTable, type CsvRow } from './csv-table.ts';
import { compareText, locustNames } from './locust-name.ts';

const HEADER = ['Method', 'Name', 'Error', 'Occurrences', 'First Seen', 'Last Seen'];

/** Locust's `_failures.csv`. The occurrences add up to the run's failed requests. */
export function renderFailuresCsv(result: RunResult): string {
  const nameOf = locustNames(result);
  const rows = result.errors
    .map((group) => ({ group, name: nameOf(group.scenario, group.operation) }))
    .sort(
      (a, b) =>
        compareText(a.name, b.name) ||
        compareText(a.group.method, b.group.method) ||
        b.group.count - a.group.count,
    )
    .map(({ group, name }): CsvRow => [
      group.method,
      name,
      `${group.outcome} ${group.code}: ${group.message}`,
      group.count,
      toSeconds(group.firstSeen),
      toSeconds(group.lastSeen),
    ]);
  const rest: readonly CsvRow[] =
    result.errorsNotKept > 0
      ? [
          [
            '',
            '(other)',
            'Failed requests of other groups, not listed separately',
            result.errorsNotKept,
            '',
            '',
          ],
        ]
      : [];
  return csvTable(HEADER, [...rows, ...rest]);
}

/** Locust's `format_utc_timestamp`: `YYYY-MM-DDTHH:MM:SSZ`. */
function toSeconds(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : `${time.toISOString().slice(0, 19)}Z`;
}
