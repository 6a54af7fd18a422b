import { randomBytes } from 'node:crypto';

/**
 * A new run id: sortable by time (UTC), readable as a date, with a random part against collisions within a second:
 * `20261122-171500-ab12`. It names the folder of the run; `live/run-archive.ts` knows its form.
 */
export function newRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString('hex')}`;
}
