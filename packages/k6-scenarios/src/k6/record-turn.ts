import type { LoadResponse, Tags } from '@jarvis-load/engine';
import { cutText } from './cut-text.ts';
import type { K6Metrics } from './k6-metrics.ts';
import type { K6Turn } from './k6-turn.ts';

const MAX_REASON = 120;

/** Records a turn that has ended: its outcome, and the times of its content. @param tags with `name` */
export function recordTurn(metrics: K6Metrics, turn: K6Turn, tags: Tags): void {
  if (turn.response !== undefined) recordOutcome(metrics, turn.response, tags);
  const { stamps, beganMs, sentMs } = turn;
  const first = stamps[0];
  const last = stamps[stamps.length - 1];
  if (first === undefined || last === undefined) return;
  metrics.stream('ttft', Math.max(0, first - beganMs), tags);
  metrics.stream('ttft_sent', Math.max(0, first - sentMs), tags);
  if (turn.response?.outcome === 'ok') metrics.stream('ttlt', Math.max(0, last - beganMs), tags);
  let longestMs = 0;
  for (let part = 1; part < stamps.length; part++) {
    const gapMs = (stamps[part] ?? 0) - (stamps[part - 1] ?? 0);
    longestMs = Math.max(longestMs, gapMs);
    metrics.stream('chunk_gap', gapMs, tags);
  }
  if (stamps.length > 1) metrics.stream('longest_gap', longestMs, tags);
}

/** Records the outcome of a turn, or of an opening that was refused. */
export function recordOutcome(metrics: K6Metrics, response: LoadResponse, own: Tags): void {
  const { outcome, error, timings } = response;
  const tags: Record<string, string> = { ...own, outcome };
  if (error !== undefined) {
    tags['code'] = error.code;
    tags['reason'] = cutText(error.message, MAX_REASON);
  }
  metrics.turnTime?.add(timings.responseTimeMs, tags);
}
