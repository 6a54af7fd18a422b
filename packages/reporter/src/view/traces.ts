import { formatCount, formatLatency, type RunResult, type Traces } from '@jarvis-load/engine/result';
import { formatElapsed } from '../format/time.ts';

/** How many requests carried a trace id, as a sentence; undefined: none. */
export function tracesSentence({ traces, totals }: RunResult): string | undefined {
  if (traces === undefined) return undefined;
  return `${formatCount(traces.requests)} of ${formatCount(totals.requests)} requests carried a trace id`;
}

/** A slow request with its trace, unescaped: `812 ms: chat.send, ok, status 200, at 0:12, trace 4bf92f...`. */
export function slowestSentence(request: Traces['slowest'][number]): string {
  const { responseTimeMs, operation, outcome, status, atMs, traceId } = request;
  const answer = status === 0 ? 'no response' : `status ${status}`;
  return `${formatLatency(responseTimeMs)}: ${operation}, ${outcome}, ${answer}, at ${formatElapsed(atMs)}, trace ${traceId}`;
}
