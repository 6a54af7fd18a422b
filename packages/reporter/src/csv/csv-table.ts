import { escapeCsv } from '../escape/csv.ts';

/** One row; numbers are written unchanged, text is escaped. */
export type CsvRow = readonly (string | number)[];

/** RFC 4180, with CRLF after every line including the last. */
export function csvTable(header: readonly string[], rows: readonly CsvRow[]): string {
  return [header, ...rows].map((row) => `${row.map(escapeCsv).join(',')}\r\n`).join('');
}
