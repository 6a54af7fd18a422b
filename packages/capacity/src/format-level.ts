import { formatNumber } from '@jarvis-load/engine/result';

/** A level with its unit: `612/s`, `40 users`. */
export function formatLevel(level: number, unit: 'rate' | 'users'): string {
  const text = level >= 100 ? String(Math.round(level)) : String(Number(level.toPrecision(3)));
  if (unit === 'rate') return `${text}/s`;
  return `${formatNumber(level)} user${level === 1 ? '' : 's'}`;
}
