import { escapeCsv } from '../escape/csv.ts';

/** One row; a number is written as a number, text is escaped. */
export type CsvRow = readonly (string | number)[];

/** RFC 4180 with CRLF after every line, the last one too. */
export function csvTable(header: readonly string[], rows: readonly CsvRow[]): string {
  return [header, ...rows].map((row) => `${row.map(escapeCsv).join(',')}\r\n`).join('');
}
