import type { Operation, StreamEvent, StreamPart } from '@jarvis-load/engine';
import { decodeChat } from './decode-chat.ts';

/* Scenarios repeat these names as text, and the mock in its settings and counters (`operations.ts` there): change all. */

/** `GET /v1/models`: a list of models shows that a server has this API. */
export const MODELS: Operation = { name: 'openai.models', method: 'GET', route: '/v1/models' };

/** Speech to text: a WAV in a multipart form. */
export const TRANSCRIPTIONS: Operation = {
  name: 'openai.transcriptions',
  method: 'POST',
  route: '/v1/audio/transcriptions',
};

/** Text to speech: samples as they are made. */
export const SPEECH: Operation = {
  name: 'openai.speech',
  method: 'POST',
  route: '/v1/audio/speech',
  stream: 'chunked',
  decode: ({ bytes }: StreamEvent): StreamPart => ({ kind: 'audio', bytes }),
};

/** Settings of {@link chatOperation}. */
export interface ChatOperationOptions {
  /** When an answer is good, for the goodput. */
  readonly good: string;
  /** Longest silence after the first content. @default that of the engine */
  readonly idleTimeoutMs?: number | undefined;
  /** That is asked: its tag `model`. @default none */
  readonly model?: string;
}

/** A streamed chat completion. */
export const chatOperation = ({ good, idleTimeoutMs, model }: ChatOperationOptions): Operation => ({
  name: 'openai.chat',
  method: 'POST',
  route: '/v1/chat/completions',
  stream: 'sse',
  decode: decodeChat,
  good,
  ...(idleTimeoutMs === undefined ? {} : { idleTimeout: idleTimeoutMs }),
  ...(model === undefined ? {} : { tags: { model } }),
});

/** Vectors of texts. */
export const EMBEDDINGS: Operation = {
  name: 'openai.embeddings',
  method: 'POST',
  route: '/v1/embeddings',
  accepts: (response) => {
    const body = response.json() as
      { readonly data?: readonly { readonly embedding?: unknown }[] } | undefined;
    return body?.data?.[0]?.embedding === undefined ? 'the body has no data[0].embedding' : undefined;
  },
};
