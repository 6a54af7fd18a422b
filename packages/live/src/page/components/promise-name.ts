import type { PromiseRow } from '../../api/run-schema.ts';

const ASPECTS: Readonly<Record<string, string>> = {
  errorRate: 'error rate',
  requestsPerSecond: 'requests/s',
};

/** A promise in a few words. */
export function promiseName({ operation, label, aspect, scenario }: PromiseRow): string {
  if (operation !== null) return `${operation} ${ASPECTS[aspect ?? ''] ?? label}`;
  return scenario === null || label.includes(`scenario:${scenario}`) ? label : `${label} (${scenario})`;
}
