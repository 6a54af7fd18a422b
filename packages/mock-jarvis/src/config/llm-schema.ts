import { Type } from '@jarvis-load/engine/typebox';
import { Count, LatencyModel, LengthModel, Ms, OrNone } from './schema-parts.ts';

/**
 * The model of a language model behind `/v1/chat/completions`. The time of the prefill is `latency.openai.chat`, the
 * number of answers generated at the same time is `capacity.openai.chat`. Keys follow the rules of `schema.ts`, here as below.
 */
export const LlmSchema = Type.Object({
  models: Type.Array(Type.String({ minLength: 1 }), {
    description: 'Names that `GET /v1/models` lists; a request may name any model',
  }),
  apiKey: OrNone(Type.String({ minLength: 1 }), 'Bearer token that `/v1` requires; none = everybody'),
  prefills: OrNone(Count(1, ''), 'Prompts read at the same time, the others wait; none = no limit'),
  prefillMsPerToken: Ms('Added to the prefill for each token of the prompt'),
  gap: LatencyModel('Time from one event to the next of an answer that is generated alone'),
  gapGrowth: Type.Number({
    minimum: 0,
    description: 'Growth of the gaps with the batch: gap x (1 + gapGrowth x (answers under way - 1))',
  }),
  answerTokens: LengthModel('Length of answers; `max_tokens` of the request cuts it'),
  reasoningTokens: LengthModel('Tokens of `reasoning_content` before the first of `content`'),
  tokensPerEvent: Count(1, 'Tokens in one event, as with speculative decoding'),
  head: Type.Enum(['at-once', 'with-first-token'], { description: 'When status and headers are sent' }),
  roleEvent: Type.Enum(['with-first-token', 'at-once', 'none'], {
    description: 'When the event with the role and without content is sent',
  }),
  keepAliveMs: OrNone(
    Type.Number({ exclusiveMinimum: 0 }),
    'Interval of SSE comments while an answer is open; none = no comments',
  ),
  splitCharacters: Type.Boolean({
    description: 'Each event is sent in two chunks, cut inside a character of several bytes where it has one',
  }),
  stamps: Type.Boolean({
    description:
      'Each event carries `sent_ms`: the monotonic clock of this machine (`process.hrtime`) when it was sent',
  }),
});

/**
 * The voice behind `/v1/audio/speech`. The time to its first audio is `latency.openai.speech`, the number of answers
 * spoken at the same time is `capacity.openai.speech`.
 */
export const SpeechSchema = Type.Object({
  chunkMs: Type.Number({ exclusiveMinimum: 0, description: 'Audio in one chunk' }),
  realTimeFactor: Type.Number({
    minimum: 0,
    description: 'Time from one chunk to the next, as a share of its audio: 1 = real time, 0 = all at once',
  }),
  gapGrowth: Type.Number({
    minimum: 0,
    description: 'Growth of that time with the number of answers, as `llm.gapGrowth`',
  }),
  head: Type.Enum(['at-once', 'with-first-audio'], {
    description: 'When status, headers and the header of a WAV are sent',
  }),
});

/** Jarvis of 2026. */
export const JarvisSchema = Type.Object({
  telemetryMs: Type.Number({
    exclusiveMinimum: 0,
    description: 'Interval of the frames of the telemetry socket',
  }),
  devKey: OrNone(Type.String({ minLength: 1 }), 'Token that passes without a signature'),
});
