import { defineScenario, file } from '@jarvis-load/engine';
import { Type } from 'typebox';

const recording = file(new URL('./silence.wav', import.meta.url));
const Transcript = Type.Object({ text: Type.String() });

/** Files for an API like OpenAI's, read from the disk while they are sent. */
export default defineScenario({
  name: 'transcription',
  operations: [{ name: 'transcribe', method: 'POST', route: '/v1/audio/transcriptions', answer: Transcript }],
  metrics: [{ name: 'characters', kind: 'trend' }],
  async run(user) {
    const answer = await user.post('/v1/audio/transcriptions', {
      headers: { authorization: `Bearer ${process.env['OPENAI_API_KEY'] ?? 'test'}` },
      multipart: { model: 'whisper-1', language: 'en', file: recording },
      timeoutMs: 30_000,
    });
    const transcript = answer.json(Transcript);
    if (transcript !== undefined) user.record('characters', transcript.text.length);
  },
});
