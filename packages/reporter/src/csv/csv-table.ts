import { escapeCsv } from '../escape/csv.ts';

/** One row; numbers are written unchanged, text is escaped. */
export type CsvRow = readonly (string | number)[];

/** RFC 4180, with CRLF after every line including the last. */
export function csvTable(header: readonly string[], rows: readonly CsvRow[]): string {
  return [header, ...rows].map((row) => `${row.map(escapeCsv).join(',')}\r\n`).join('');
}

/** A cell that nothing tells, as in Locust's percentiles. */
export const NOT_KNOWN = 'N/A';

/** A cell about a number of requests: 0 without any, as in Locust; {@link NOT_KNOWN} where there were some and the value is null. */
export function ofRequests(requests: number, value: number | null): number | string {
  return value ?? (requests === 0 ? 0 : NOT_KNOWN);
}
