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

const EXACT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 12 });
const MOST_DIGITS = 12;

/** A limit, exact to 12 digits, with the unit of {@link formatMeasure}; bytes are not scaled: `300 ms`, `1,234.5 ms`, `0.25%`, `2,000,000 B`. */
export function formatLimit(limit: number, unit: string): string {
  if (unit === 'ms') return limit >= 10_000 ? `${EXACT.format(limit / 1000)} s` : `${EXACT.format(limit)} ms`;
  if (unit === 's') return `${EXACT.format(limit)} s`;
  if (unit === 'share') return `${EXACT.format(limit * 100)}%`;
  if (unit === 'bytes') return `${EXACT.format(limit)} B`;
  if (unit === 'per second') return `${EXACT.format(limit)}/s`;
  return EXACT.format(limit);
}

/**
 * What was measured, beside its limit. As {@link formatMeasure}, with more digits where those would put it on the other side of the
 * limit: `500.3 ms` for a limit of 500 ms, not `500 ms`.
 */
export function formatMeasured(measured: number | null, limit: number, unit: string): string {
  const text = formatMeasure(measured, unit);
  if (measured === null) return text;
  const side = Math.sign(measured - limit);
  const isRight = (shown: string): boolean => {
    const value = valueOf(shown, unit);
    return Number.isNaN(value) || Math.sign(value - limit) === side;
  };
  if (isRight(text)) return text;
  for (let digits = 4; digits <= MOST_DIGITS; digits++) {
    const closer = Number(measured.toPrecision(digits));
    if (Math.sign(closer - limit) === side) return formatLimit(closer, unit);
  }
  return text;
}

/** The value of a text of {@link formatMeasure}; NaN for one that is a bound (`<0.01%`). */
function valueOf(text: string, unit: string): number {
  const value = Number(text.replaceAll(',', '').replace(/( ms| s|%|\/s| [kMGT]?B)$/, ''));
  if (unit === 'bytes') return value * 1000 ** (1 + 'kMGT'.indexOf(text.at(-2) ?? ''));
  if (unit === 'ms' && text.endsWith(' s')) return value * 1000;
  return unit === 'share' ? value / 100 : value;
}

/** A latency with its unit, for sentences: `4.31 ms`, `412 ms`, `12.3 s`. */
export function formatLatency(ms: number | null): string {
  if (ms === null) return NO_VALUE;
  return ms >= 10_000 ? `${formatNumber(ms / 1000)} s` : `${formatNumber(ms)} ms`;
}
