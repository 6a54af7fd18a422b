/**
 * The core dialect: the operations that the Rust core of Jarvis 1.9.0 serves, by name.
 *
 * Must hold:
 * - The rules of answers accept exactly what `schemas/core.ts` accepts, but for formats such as date-time.
 *   `test/dialects.test.ts` compares those that have a sample in `sample-answers.ts`: add one with each operation.
 * - The mock takes method, route and `protected` from here: a mistake in them shows only on a real target.
 * - The limit behind `LOGINS_PER_SECOND` also stands in `limits/limits.ts` and in the mock (`config/limits.ts`).
 * - k6 runs this file: no I/O, no schema library, nothing that its runtime lacks.
 */
import type * as wire from '../schemas/core.ts';
import { defineOperation, fillRoute, readJson } from './define-operation.ts';
import type { Dialect, OperationTable } from './dialect.ts';
import {
  anything,
  filled,
  flag,
  integerFrom,
  list,
  number,
  numberFrom,
  object,
  oneOf,
  orNull,
  record,
  text,
} from './rules.ts';

/**
 * The core allows 5 logins per second per address, in a fixed window that restarts with the first login a second or
 * more after its start. At exactly 5 per second, a login that is 1 ms late puts a sixth one into a window; 4.5 per
 * second leaves a margin of 111 ms.
 */
const LOGINS_PER_SECOND = 4.5;

const chatMessage = object<wire.ChatAnswer>({
  id: filled,
  conversation_id: filled,
  role: oneOf('user', 'assistant', 'system'),
  content: filled,
  timestamp: text,
  tokens: integerFrom(0),
});
const conversation = object<wire.Conversation>({
  id: filled,
  title: text,
  summary: orNull(text),
  created_at: text,
  updated_at: text,
  message_count: integerFrom(0),
});
const memory = object<wire.MemoryEntry>({
  id: filled,
  content: text,
  embedding: orNull(list(number)),
  importance: number,
  created_at: text,
});
const identity = { user_id: filled, username: text, permissions: list(text) };
const toIdentity = (body: wire.WhoamiAnswer) => ({
  userId: body.user_id,
  username: body.username,
  permissions: body.permissions,
});

const operations = {
  'auth.login': defineOperation({
    name: 'auth.login',
    method: 'POST',
    route: '/api/auth/login',
    protected: false,
    maxPerSecond: LOGINS_PER_SECOND,
    request: (input) => ({ json: input }),
    interpret: readJson(
      object<wire.LoginAnswer>({
        access_token: filled,
        token_type: filled,
        expires_in: numberFrom(0),
        user_id: filled,
        username: text,
      }),
      (body: wire.LoginAnswer) => ({ token: body.access_token, expiresInSeconds: body.expires_in }),
    ),
  }),
  'auth.verify': defineOperation({
    name: 'auth.verify',
    method: 'POST',
    route: '/api/auth/verify',
    request: () => ({}),
    interpret: readJson(object<wire.VerifyAnswer>({ valid: flag, ...identity }), toIdentity),
  }),
  'auth.whoami': defineOperation({
    name: 'auth.whoami',
    method: 'GET',
    route: '/api/auth/whoami',
    request: () => ({}),
    interpret: readJson(object<wire.WhoamiAnswer>(identity), toIdentity),
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
        uptime_secs: numberFrom(0),
        services: record(text),
      }),
      (body: wire.HealthAnswer) => ({
        status: body.status,
        version: body.version,
        uptimeSeconds: body.uptime_secs,
        parts: body.services,
      }),
    ),
  }),
  ready: defineOperation({
    name: 'ready',
    method: 'GET',
    route: '/ready',
    protected: false,
    request: () => ({}),
    interpret: readJson(
      object<wire.ReadyAnswer>({ status: filled, version: filled }),
      (body: wire.ReadyAnswer) => ({ status: body.status }),
    ),
  }),
  metrics: defineOperation({
    name: 'metrics',
    method: 'GET',
    route: '/metrics',
    protected: false,
    request: () => ({}),
    interpret: readJson(
      object<wire.MetricsAnswer>({
        requests_total: number,
        chat_requests: number,
        stt_requests: number,
        tts_requests: number,
        memory_searches: number,
        avg_latency_ms: number,
      }),
      () => ({ kind: 'json' }) as const,
    ),
  }),
  'chat.send': defineOperation({
    name: 'chat.send',
    method: 'POST',
    route: '/api/chat',
    writes: true,
    request: ({ content, conversationId }) => ({
      json: conversationId === undefined ? { content } : { content, conversation_id: conversationId },
    }),
    interpret: readJson(chatMessage, (body: wire.ChatAnswer) => ({
      messageId: body.id,
      content: body.content,
      conversationId: body.conversation_id,
      serverLatencyMs: undefined,
    })),
  }),
  'chat.conversations': defineOperation({
    name: 'chat.conversations',
    method: 'GET',
    route: '/api/chat/conversations',
    request: () => ({}),
    interpret: readJson(list(conversation), (body: wire.ConversationsAnswer) => body),
  }),
  'chat.history': defineOperation({
    name: 'chat.history',
    method: 'GET',
    route: '/api/chat/history/{id}',
    request: ({ id }) => ({ path: fillRoute('/api/chat/history/{id}', id) }),
    interpret: readJson(list(chatMessage), (body: wire.HistoryAnswer) => ({ messages: body })),
  }),
  'chat.delete': defineOperation({
    name: 'chat.delete',
    method: 'DELETE',
    route: '/api/chat/conversation/{id}',
    writes: true,
    request: ({ id }) => ({ path: fillRoute('/api/chat/conversation/{id}', id) }),
    interpret: (response) =>
      response.text() === ''
        ? { ok: true, value: undefined }
        : { ok: false, reason: 'the body should be empty' },
  }),
  'memory.store': defineOperation({
    name: 'memory.store',
    method: 'POST',
    route: '/api/memory/add',
    writes: true,
    request: ({ userMessage, botResponse }) => ({ json: { content: `${userMessage}\n${botResponse}` } }),
    interpret: readJson(memory, () => undefined),
  }),
  'memory.search': defineOperation({
    name: 'memory.search',
    method: 'POST',
    route: '/api/memory/search',
    request: ({ query, limit }) => ({ json: { query, limit } }),
    interpret: readJson(
      object<wire.SearchAnswer>({ results: list(memory), total: integerFrom(0) }),
      (body: wire.SearchAnswer) => ({
        texts: body.results.map((entry) => entry.content),
        total: body.total,
        queryTimeMs: undefined,
      }),
    ),
  }),
  'memory.list': defineOperation({
    name: 'memory.list',
    method: 'GET',
    route: '/api/memory/list',
    request: () => ({}),
    interpret: readJson(list(memory), (body: wire.MemoryListAnswer) => ({
      texts: body.map((entry) => entry.content),
    })),
  }),
  'voice.synthesize': defineOperation({
    name: 'voice.synthesize',
    method: 'POST',
    route: '/api/voice/synthesize',
    request: (input) => ({ json: input }),
    interpret: readJson(
      object<wire.SynthesizeAnswer>({
        audio_data: filled,
        sample_rate: integerFrom(1),
        duration_ms: numberFrom(0),
        voice: filled,
      }),
      (body: wire.SynthesizeAnswer) => ({
        audioBase64: body.audio_data,
        format: undefined,
        durationMs: body.duration_ms,
        sampleRate: body.sample_rate,
      }),
    ),
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
        language: filled,
        confidence: numberFrom(0, 1),
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
  'voice.voices': defineOperation({
    name: 'voice.voices',
    method: 'GET',
    route: '/api/voice/voices',
    protected: false,
    request: () => ({}),
    interpret: readJson(
      list(object<wire.VoicesAnswer[number]>({ id: filled, name: text, language: text, gender: text })),
      (body: wire.VoicesAnswer) => ({ count: body.length }),
    ),
  }),
  'voice.languages': defineOperation({
    name: 'voice.languages',
    method: 'GET',
    route: '/api/voice/languages',
    protected: false,
    request: () => ({}),
    interpret: readJson(list(anything), (body: wire.LanguagesAnswer) => ({ count: body.length })),
  }),
} satisfies OperationTable;

/** What the Rust core of Jarvis 1.9.0 serves in practice: every answer is a constant or an echo. */
export const coreDialect = {
  id: 'core',
  description:
    'What the Rust core of Jarvis 1.9.0 serves: login at /api/auth/login, search by POST, constant answers.',
  operations,
  fields: { token: 'access_token', chatMessage: 'content', conversations: undefined },
  describesItself: false,
  voiceRoundTrip: false,
  hasSocket: false,
} satisfies Dialect;
