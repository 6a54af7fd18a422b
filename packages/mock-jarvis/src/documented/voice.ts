import type { FastifyInstance } from 'fastify';
import { readWav } from '../audio/read-wav.ts';
import { synthesize } from '../audio/synthesize.ts';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import { invalid } from './errors.ts';
import { addOperation } from './route.ts';

/** Routes for speech synthesis and transcription. */
export function addVoiceRoutes(app: FastifyInstance, runtime: Runtime): void {
  addOperation<{ text: string }>(app, runtime, 'voice.synthesize', ({ body }) => {
    const { base64, durationMs, sampleRate } = synthesize(body.text);
    return json({ audio_data: base64, format: 'wav', duration_ms: durationMs, sample_rate: sampleRate });
  });

  type Transcribe = { audio_data: string; language?: string };
  addOperation<Transcribe>(app, runtime, 'voice.transcribe', ({ body }) => {
    const sound = readWav(body.audio_data);
    if (typeof sound === 'string') return invalid(`audio_data ${sound}`);
    const { text, confidence } = runtime.hear(sound);
    return json({ text, confidence, language: body.language ?? 'fr', duration_ms: sound.durationMs });
  });
}
