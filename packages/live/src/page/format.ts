import {
  NO_VALUE,
  formatCount,
  formatLatency,
  formatLimit,
  formatMeasured,
  formatNumber,
  formatShare,
} from '@jarvis-load/engine/format';

export { NO_VALUE } from '@jarvis-load/engine/format';

/*
 * Must hold: a value has the digits that it has in the report, so all numbers of a run come from the formats of the engine.
 */

/** A whole number, grouped. */
export function count(value: number): string {
  return formatCount(Math.round(value));
}

/** A number with sensible digits: `0.42`, `7.30`, `431`. */
export function number(value: number | null | undefined): string {
  return formatNumber(value ?? null);
}

/** A value of a chart, of which it is not known whether it is a count: `5`, `7.30`. */
export function reading(value: number | null | undefined): string {
  return Number.isInteger(value) ? count(value ?? 0) : number(value);
}

/** A latency with its unit. */
export function latency(ms: number | null | undefined): string {
  return formatLatency(ms ?? null);
}

/** A share as per cent; a small one is never shown as zero. */
export function share(part: number | null | undefined): string {
  return part === undefined || Number.isNaN(part) ? NO_VALUE : formatShare(part);
}

/** `1:02`, with hours where there are any. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The limit of a promise, which is exact: `300 ms`, `1.5 s`. */
export function limitInUnit(value: number, unit: string): string {
  return formatLimit(value, unit);
}

/** What was measured of a promise, in its unit. */
export function measuredInUnit(value: number | null, limit: number, unit: string): string {
  return formatMeasured(value, limit, unit);
}

/** `server_error` as words. */
export function words(code: string): string {
  return code.replaceAll('_', ' ').replaceAll('-', ' ');
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1h30m` or a number of seconds, in milliseconds; undefined: not understood. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(trimmed)) return undefined;
  return [...trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, value, unit]) => sum + Number(value) * (UNITS[unit ?? 's'] ?? 1000),
    0,
  );
}

/** A duration as the form takes it: `30s`, `1m30s`, `1h30m`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  const [h, m, s] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    Number((seconds % 60).toFixed(3)),
  ];
  return `${h > 0 ? `${h}h` : ''}${m > 0 ? `${m}m` : ''}${s > 0 || seconds === 0 ? `${s}s` : ''}`;
}
