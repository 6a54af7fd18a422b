import { EngineError } from './errors.ts';
import { show } from './show.ts';

/** Longest delay that `setTimeout` accepts, about 24.8 days; a longer one fires immediately. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A duration: milliseconds as a number, or k6's notation such as `1m30s`, `500ms`. */
export type Duration = number | string;

/** Milliseconds per unit, largest first; the units of Go's `time.ParseDuration`, and `d` as k6 adds it. */
const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
  ['us', 1e-3],
  ['ns', 1e-6],
];
const MS_PER_UNIT = new Map([...UNITS, ['µs', 1e-3] as const, ['μs', 1e-3] as const]);

/** The forms that {@link parseDuration} accepts, for error messages. */
export const DURATION_FORM = "milliseconds as a number, or text such as '1m30s', '500ms', '1.5s'";

const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)/gy;
const PLAIN_NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)$/;

/**
 * Parses a duration like k6: a number, or text that is a plain number, is milliseconds; other text is a sequence of numbers
 * with units (`d h m s ms us ns`).
 * @returns milliseconds, those of units rounded to the nanosecond, or `undefined` when it is invalid or negative
 */
export function readDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (PLAIN_NUMBER.test(text)) return Number(text);
  PART.lastIndex = 0;
  let ms = 0;
  let end = 0;
  for (let part = PART.exec(text); part !== null; part = PART.exec(text)) {
    ms += Number(part[1]) * (MS_PER_UNIT.get(part[2] ?? '') ?? Number.NaN);
    end = PART.lastIndex;
  }
  if (end === 0 || end !== text.length || !Number.isFinite(ms)) return undefined;
  return toNanosecond(ms);
}

/**
 * Parses a duration, see {@link readDuration}.
 * @param name name of the option, for the error
 * @throws EngineError `invalid-duration`
 */
export function parseDuration(value: Duration, name = 'duration'): number {
  const ms = readDuration(value);
  if (ms === undefined) {
    throw new EngineError('invalid-duration', `${name} is ${show(value)}; expected ${DURATION_FORM}.`);
  }
  return ms;
}

/**
 * Writes milliseconds so that {@link parseDuration} reads back the same nanosecond, such as `1m30s`, `2.25ms`. Infinity and
 * values below 0, which it does not read, are written as numbers.
 */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return String(ms);
  let left = toNanosecond(ms);
  if (left === 0) return '0s';
  let text = '';
  for (const [unit, size] of UNITS) {
    // One number with a fraction for seconds and below, such as 1.5s or 2.25ms, instead of up to three units.
    if (size <= 1000) {
      if (left >= size) return `${text}${decimal(left / size)}${unit}`;
      continue;
    }
    const whole = Math.floor(left / size);
    if (whole > 0) text += `${whole}${unit}`;
    left = toNanosecond(left - whole * size);
    if (left === 0) return text;
  }
  return text === '' ? `${decimal(left * 1e6)}ns` : text;
}

function toNanosecond(ms: number): number {
  return ms < 1e9 ? Math.round(ms * 1e6) / 1e6 : ms;
}

function decimal(value: number): string {
  return String(Number(value.toFixed(9)));
}
