import { formatSeconds } from '@jarvis-load/charts';

/** A duration for readers: `850 ms`, `2.4 s`, `30 s`, `1 min 12 s`, `1 h 02 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    const rest = seconds % 60;
    return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
  }
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A position in the run: `0:07`, `12:30`, `1:02:03`. */
export function formatElapsed(ms: number): string {
  return formatSeconds(ms / 1000);
}

/** `2026-11-22 17:19:05 UTC`; returns text that is not a date unchanged. */
export function formatTimestamp(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
