import { NO_VALUE, formatBytes, formatCount, formatNumber, formatShare } from './number.ts';

/**
 * A value with the unit that the result document gives for it (`ms`, `s`, `share`, `count`, `per second`, `bytes`); the bare
 * number for any other unit.
 */
export function formatMeasure(value: number | null, unit: string): string {
  if (value === null) return NO_VALUE;
  if (unit === 'ms') return formatLatency(value);
  if (unit === 's') return `${formatNumber(value)} s`;
  if (unit === 'share') return formatShare(value);
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'per second') return `${formatNumber(value)}/s`;
  if (unit === 'count') return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
  return formatNumber(value);
}

/** A latency with its unit, for sentences: `4.31 ms`, `412 ms`, `12.3 s`. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return NO_VALUE;
  return ms >= 10_000 ? `${formatNumber(ms / 1000)} s` : `${formatNumber(ms)} ms`;
}
