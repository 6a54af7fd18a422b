/** What is shown where there is no value. */
export const NO_VALUE = '–';

/** A whole number, grouped. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** A number with sensible digits: `0.42`, `7.3`, `431`. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return NO_VALUE;
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return count(value);
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** A latency with its unit. */
export function latency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NO_VALUE;
  return ms >= 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${number(ms)} ms`;
}

/** A share as per cent; a small one is never shown as zero. */
export function share(part: number | null | undefined): string {
  if (part === null || part === undefined || Number.isNaN(part)) return NO_VALUE;
  const percent = part * 100;
  if (percent !== 0 && Math.abs(percent) < 0.1) return percent > 0 ? '<0.1 %' : '>-0.1 %';
  return `${percent.toFixed(Math.abs(percent) >= 10 || percent === 0 ? 0 : 1)} %`;
}

/** `1:02`, with hours where there are any. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A value of a promise in its unit. */
export function inUnit(value: number | null, unit: string): string {
  if (value === null) return NO_VALUE;
  if (unit === 'ms') return latency(value);
  if (unit === 'share') return share(value);
  return `${number(value)}${unit === 'per second' ? ' /s' : ''}`;
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

/** A duration as the form takes it: `90s`, `1h30m`. */
export function durationText(ms: number): string {
  const seconds = ms / 1000;
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${h > 0 ? `${h}h` : ''}${m > 0 ? `${m}m` : ''}${s > 0 || seconds === 0 ? `${s}s` : ''}`;
}
