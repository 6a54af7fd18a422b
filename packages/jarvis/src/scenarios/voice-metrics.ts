import type { MetricDeclaration } from '@jarvis-load/engine';

/** Metrics of the voice scenarios. */
export const VOICE_METRICS: readonly MetricDeclaration[] = [
  { name: 'tts_latency', kind: 'trend', unit: 'ms' },
  { name: 'stt_latency', kind: 'trend', unit: 'ms' },
  // Word error rate of a transcription: 0 is without errors.
  { name: 'stt_wer', kind: 'trend' },
  { name: 'voice_errors', kind: 'rate' },
];
