import { formatShare, NO_VALUE } from '@jarvis-load/engine/format';

/** `1:02`; with hours only if there are any. */
export function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A share as per cent. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? NO_VALUE : formatShare(part / whole);
}

const BARS = '▁▂▃▄▅▆▇█';

/** The last values as bars of one column each, the highest one full; a gap where there is no value. */
export function sparkline(values: readonly (number | null)[], columns: number): string {
  const last = values.slice(-columns);
  const highest = Math.max(...last.map((value) => value ?? 0));
  return last
    .map((value) =>
      value === null || highest === 0 ? ' ' : (BARS[Math.min(7, Math.floor((value / highest) * 8))] ?? ' '),
    )
    .join('');
}
