/** `1:02`; with hours only if there are any. */
export function clock(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A short form of a latency: `0.42`, `7.3`, `431`, `12.3s`. */
export function shortMs(valueMs: number | null): string {
  if (valueMs === null) return '-';
  if (valueMs >= 10_000) return `${(valueMs / 1000).toFixed(1)}s`;
  if (valueMs >= 100) return valueMs.toFixed(0);
  return valueMs >= 1 ? valueMs.toFixed(1) : valueMs.toFixed(2);
}

/** A share as per cent; a small one is never shown as zero. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '-';
  const share = (part / whole) * 100;
  return `${share > 0 && share < 0.1 ? '<0.1' : share.toFixed(1)}%`;
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
