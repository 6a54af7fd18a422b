/**
 * The documented dialect: the operations of the API reference that the load suite was written against, by name.
 *
 * Must hold:
 * - The rules of answers accept exactly what `schemas/documented.ts` accepts, but for formats such as date-time
 *   (`test/dialects.test.ts`). Synthesized audio of format `wav` must also be a whole WAV, which a schema cannot say.
 * - The mock takes method, route and `protected` from here: a mistake in them shows only on a real target.
 * - k6 runs this file: no I/O, no schema library, nothing that its runtime lacks.
 */
import type * as wire from '../schemas/documented.ts';
import { refuseAudio } from '../data/check-audio.ts';
import { defineOperation, fillRoute, readJson } from './define-operation.ts';
import type { Dialect, OperationTable } from './dialect.ts';
import { filled, flag, integerFrom, list, number, numberFrom, object, oneOf, record, text } from './rules.ts';
import type { Rule } from './rules.ts';

const message = object<wire.Message>({
  id: filled,
  role: oneOf('user', 'assistant', 'system'),
  content: filled,
  timestamp: text,
});
const conversation = object<wire.Conversation>({
  id: filled,
  title: text,
  created_at: text,
  updated_at: text,
  message_count: integerFrom(0),
});
const searchHit = object<wire.SearchHit>({
  conversation_id: filled,
  user_message: text,
  bot_response: text,
  timestamp: text,
  score: number,
});
const synthesis = object<wire.SynthesizeAnswer>({
  audio_data: filled,
  format: filled,
  duration_ms: numberFrom(0),
  sample_rate: integerFrom(1),
});
const audible: Rule = (body, at) => {
  const reason = synthesis(body, at);
  if (reason !== undefined) return reason;
  const { audio_data: audio, format } = body as wire.SynthesizeAnswer;
  const refusal = format === 'wav' ? refuseAudio(audio) : undefined;
  return refusal === undefined ? undefined : `\`audio_data\` ${refusal}`;
};

const operations = {
  'auth.login': defineOperation({
    name: 'auth.login',
    method: 'POST',
    route: '/auth/login',
    protected: false,
    request: (input) => ({ json: input }),
    interpret: readJson(
      object<wire.LoginAnswer>({ token: filled, expires_in: numberFrom(0) }),
      (body: wire.LoginAnswer) => ({ token: body.token, expiresInSeconds: body.expires_in }),
    ),
  }),
  health: defineOperation({
    name: 'health',
    method: 'GET',
    route: '/health',
    protected: false,
    request: () => ({}),
    interpret: readJson(
      object<wire.HealthAnswer>({
        status: filled,
        version: filled,
        uptime: numberFrom(0),
        checks: record(text),
      }),
      (body: wire.HealthAnswer) => ({
        status: body.status,
        version: body.version,
        uptimeSeconds: body.uptime,
        parts: body.checks,
      }),
    ),
  }),
  ready: defineOperation({
    name: 'ready',
    method: 'GET',
    route: '/ready',
    protected: false,
    request: () => ({}),
    interpret: readJson(object<wire.ReadyAnswer>({ status: filled }), (body: wire.ReadyAnswer) => ({
      status: body.status,
    })),
  }),
  metrics: defineOperation({
    name: 'metrics',
    method: 'GET',
    route: '/metrics',
    protected: false,
    request: () => ({}),
    interpret: (response) =>
      /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^\n]*\})?[ \t]+[+-]?(\d|\.\d|Inf|NaN)/m.test(response.text())
        ? { ok: true, value: { kind: 'prometheus' } }
        : { ok: false, reason: 'the body holds no sample in Prometheus text format' },
  }),
  'chat.send': defineOperation({
    name: 'chat.send',
    method: 'POST',
    route: '/api/chat',
    writes: true,
    request: ({ content, conversationId }) => ({
      json: conversationId === undefined ? { content } : { content, conversation_id: conversationId },
    }),
    interpret: readJson(
      object<wire.ChatAnswer>({ message, conversation_id: filled, latency_ms: numberFrom(0) }),
      (body: wire.ChatAnswer) => ({
        messageId: body.message.id,
        content: body.message.content,
        conversationId: body.conversation_id,
        serverLatencyMs: body.latency_ms,
      }),
    ),
  }),
  'chat.conversations': defineOperation({
    name: 'chat.conversations',
    method: 'GET',
    route: '/api/chat/conversations',
    request: () => ({}),
    interpret: readJson(
      object<wire.ConversationsAnswer>({ conversations: list(conversation), total: integerFrom(0) }),
      (body: wire.ConversationsAnswer) => body.conversations,
    ),
  }),
  'chat.history': defineOperation({
    name: 'chat.history',
    method: 'GET',
    route: '/api/chat/conversation/{id}',
    request: ({ id }) => ({ path: fillRoute('/api/chat/conversation/{id}', id) }),
    interpret: readJson(
      object<wire.HistoryAnswer>({ id: filled, title: text, messages: list(message) }),
      (body: wire.HistoryAnswer) => ({ messages: body.messages }),
    ),
  }),
  'chat.create': defineOperation({
    name: 'chat.create',
    method: 'POST',
    route: '/api/chat/conversation',
    writes: true,
    request: ({ title }) => ({ json: { title } }),
    interpret: readJson(
      object<wire.CreateAnswer>({ id: filled, title: text, created_at: text }),
      (body: wire.CreateAnswer) => ({ id: body.id, title: body.title }),
    ),
  }),
  'chat.delete': defineOperation({
    name: 'chat.delete',
    method: 'DELETE',
    route: '/api/chat/conversation/{id}',
    writes: true,
    request: ({ id }) => ({ path: fillRoute('/api/chat/conversation/{id}', id) }),
    interpret: readJson(object<wire.DeleteAnswer>({ success: oneOf(true), message: text }), () => undefined),
  }),
  'memory.store': defineOperation({
    name: 'memory.store',
    method: 'POST',
    route: '/api/memory/store',
    writes: true,
    request: ({ conversationId, userMessage, botResponse }) => ({
      json: { conversation_id: conversationId, user_message: userMessage, bot_response: botResponse },
    }),
    interpret: readJson(object<wire.StoreAnswer>({ success: oneOf(true), indexed: flag }), () => undefined),
  }),
  'memory.search': defineOperation({
    name: 'memory.search',
    method: 'GET',
    route: '/api/memory/search',
    request: ({ query, limit }) => ({
      path: `/api/memory/search?q=${encodeURIComponent(query)}&limit=${limit}`,
    }),
    interpret: readJson(
      object<wire.SearchAnswer>({
        results: list(searchHit),
        total: integerFrom(0),
        query_time_ms: numberFrom(0),
      }),
      (body: wire.SearchAnswer) => ({
        texts: body.results.map((hit) => `${hit.user_message}\n${hit.bot_response}`),
        total: body.total,
        queryTimeMs: body.query_time_ms,
      }),
    ),
  }),
  'voice.synthesize': defineOperation({
    name: 'voice.synthesize',
    method: 'POST',
    route: '/api/voice/synthesize',
    request: (input) => ({ json: input }),
    interpret: readJson(audible, (body: wire.SynthesizeAnswer) => ({
      audioBase64: body.audio_data,
      format: body.format,
      durationMs: body.duration_ms,
      sampleRate: body.sample_rate,
    })),
  }),
  'voice.transcribe': defineOperation({
    name: 'voice.transcribe',
    method: 'POST',
    route: '/api/voice/transcribe',
    request: ({ audioBase64, language }) => ({
      json: language === undefined ? { audio_data: audioBase64 } : { audio_data: audioBase64, language },
    }),
    interpret: readJson(
      object<wire.TranscribeAnswer>({
        text,
        confidence: numberFrom(0, 1),
        language: filled,
        duration_ms: numberFrom(0),
      }),
      (body: wire.TranscribeAnswer) => ({
        text: body.text,
        confidence: body.confidence,
        language: body.language,
        durationMs: body.duration_ms,
      }),
    ),
  }),
} satisfies OperationTable;

/** The documented API. The default dialect. */
export const documentedDialect = {
  id: 'documented',
  description: 'The API reference of Jarvis 1.9.0: login at /auth/login, search by GET, playable audio.',
  operations,
  fields: { token: 'token', chatMessage: 'message', conversations: 'conversations' },
  describesItself: true,
  voiceRoundTrip: true,
  hasSocket: true,
} satisfies Dialect;
