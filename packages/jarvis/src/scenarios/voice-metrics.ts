import type { LoadResponse, MetricDeclaration, VirtualUser } from '@jarvis-load/engine';

/** The metrics of the voice tests. */
export const VOICE_METRICS: readonly MetricDeclaration[] = [
  { name: 'tts_latency', kind: 'trend', unit: 'ms' },
  { name: 'stt_latency', kind: 'trend', unit: 'ms' },
  { name: 'voice_errors', kind: 'rate' },
];

/** Latencies hold usable answers only, so that fast refusals never make a pass. */
export function recordVoice(
  user: VirtualUser,
  latency: 'tts_latency' | 'stt_latency',
  response: LoadResponse,
  passed: boolean,
): void {
  if (response.outcome === 'ok') user.record(latency, response.timings.serviceTimeMs);
  user.record('voice_errors', passed ? 0 : 1);
}
