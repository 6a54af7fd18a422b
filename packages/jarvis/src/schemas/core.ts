/**
 * The contract that the core of Jarvis 1.9.0 serves in practice, as schemas for servers and documents.
 *
 * Must hold:
 * - Answers are exactly as strict as the rules of `dialects/core.ts` (`test/dialects.test.ts`).
 * - JSON Schema counts characters, the core bytes: the schemas of bodies accept more than the core, so a server that uses them
 *   must count bytes too.
 * - k6 bundles no schemas: other folders of this package import only types from here.
 */
import { Type, type Static, type TSchema } from '@jarvis-load/engine/typebox';
import { CORE_BOUNDS, CORE_PATTERNS } from '../dialects/bounds.ts';
import type { OperationName } from '../dialects/operation-name.ts';
import type { OperationContract } from './contract.ts';
import { Filled, IdParams, Milliseconds, Role, Timestamp } from './pieces.ts';

const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Bytes = (bounds: { readonly min: number; readonly max: number }, description: string) =>
  Type.String({
    minLength: bounds.min,
    maxLength: bounds.max,
    description: `${description}; ${bounds.min} to ${bounds.max} UTF-8 bytes, no NUL`,
  });

/** The body of POST /api/auth/login. */
export const LoginRequest = Type.Object({
  username: Type.String({
    minLength: CORE_BOUNDS.usernameBytes.min,
    maxLength: CORE_BOUNDS.usernameBytes.max,
    pattern: CORE_PATTERNS.username,
  }),
  password: Bytes(CORE_BOUNDS.passwordBytes, 'Any password is accepted'),
});
/** The answer of POST /api/auth/login. */
export const LoginAnswer = Type.Object({
  access_token: Filled('For `Authorization: Bearer`'),
  token_type: Filled('`Bearer`'),
  expires_in: Type.Number({ minimum: 0, description: 'Life of the token in seconds' }),
  user_id: Filled('New at each login'),
  username: Type.String(),
});

/** The answer of GET /api/auth/whoami. */
export const WhoamiAnswer = Type.Object({
  user_id: Filled('User id'),
  username: Type.String(),
  permissions: Type.Array(Type.String()),
});
/** The answer of POST /api/auth/verify. */
export const VerifyAnswer = Type.Object({
  valid: Type.Boolean(),
  user_id: Filled('User id'),
  username: Type.String(),
  permissions: Type.Array(Type.String()),
});

/** GET /health. */
export const HealthAnswer = Type.Object({
  status: Filled('Always `healthy`'),
  version: Filled('Version of Jarvis'),
  uptime_secs: Type.Number({ minimum: 0, description: 'Since the first call to /health' }),
  services: Type.Record(Type.String(), Type.String()),
});

/** GET /ready. */
export const ReadyAnswer = Type.Object({ status: Filled('Always `ready`'), version: Filled('Version') });

/** GET /metrics, of the commit whose answer is JSON: all values are always zero. */
export const MetricsAnswer = Type.Object({
  requests_total: Type.Number(),
  chat_requests: Type.Number(),
  stt_requests: Type.Number(),
  tts_requests: Type.Number(),
  memory_searches: Type.Number(),
  avg_latency_ms: Type.Number(),
});

/** The body of POST /api/chat. */
export const ChatRequest = Type.Object({
  content: Bytes(CORE_BOUNDS.messageBytes, 'What the user says'),
  conversation_id: Type.Optional(OrNull(Bytes(CORE_BOUNDS.conversationIdBytes, 'Echoed'))),
});
/** The answer of POST /api/chat, and an item of a history. */
export const ChatAnswer = Type.Object({
  id: Filled('Message id'),
  conversation_id: Filled('As asked, or new'),
  role: Role,
  content: Filled('Text'),
  timestamp: Timestamp,
  tokens: Type.Integer({ minimum: 0 }),
});

/** An item of the list of conversations. */
export const Conversation = Type.Object({
  id: Filled('Conversation id'),
  title: Type.String(),
  summary: OrNull(Type.String()),
  created_at: Timestamp,
  updated_at: Timestamp,
  message_count: Type.Integer({ minimum: 0 }),
});
/** The answer of GET /api/chat/conversations: a bare array. */
export const ConversationsAnswer = Type.Array(Conversation);

/** GET /api/chat/history/{id}: a bare array. */
export const HistoryAnswer = Type.Array(ChatAnswer);

/** The body of POST /api/memory/add. */
export const StoreRequest = Type.Object({
  content: Bytes(CORE_BOUNDS.memoryBytes, 'What to remember'),
  importance: Type.Optional(
    OrNull(Type.Number({ minimum: CORE_BOUNDS.importance.min, maximum: CORE_BOUNDS.importance.max })),
  ),
});
/** The answer of POST /api/memory/add, and an item of a list or of search results. */
export const MemoryEntry = Type.Object({
  id: Filled('Memory id'),
  content: Type.String(),
  embedding: OrNull(Type.Array(Type.Number())),
  importance: Type.Number(),
  created_at: Timestamp,
});
/** The answer of GET /api/memory/list: a bare array. */
export const MemoryListAnswer = Type.Array(MemoryEntry);

/** The body of POST /api/memory/search. */
export const SearchRequest = Type.Object({
  query: Bytes(CORE_BOUNDS.queryBytes, 'Words to look for'),
  limit: Type.Optional(
    OrNull(Type.Integer({ minimum: CORE_BOUNDS.searchLimit.min, maximum: CORE_BOUNDS.searchLimit.max })),
  ),
});
/** The answer of POST /api/memory/search. */
export const SearchAnswer = Type.Object({
  results: Type.Array(MemoryEntry),
  total: Type.Integer({ minimum: 0 }),
});

/** The body of POST /api/voice/synthesize; `language` is accepted and ignored. */
export const SynthesizeRequest = Type.Object({
  text: Bytes(CORE_BOUNDS.speechBytes, 'What to say'),
  voice: Type.Optional(OrNull(Bytes(CORE_BOUNDS.voiceBytes, 'Voice id'))),
  speed: Type.Optional(
    OrNull(Type.Number({ minimum: CORE_BOUNDS.speed.min, maximum: CORE_BOUNDS.speed.max })),
  ),
});
/** The answer of POST /api/voice/synthesize. */
export const SynthesizeAnswer = Type.Object({
  audio_data: Filled('A placeholder text, not base64'),
  sample_rate: Type.Integer({ minimum: 1 }),
  duration_ms: Milliseconds('Always 3000'),
  voice: Filled('Voice id'),
});

/** The body of POST /api/voice/transcribe. */
export const TranscribeRequest = Type.Object({
  audio_data: Type.String({
    minLength: CORE_BOUNDS.audioCharacters.min,
    maxLength: CORE_BOUNDS.audioCharacters.max,
    pattern: CORE_PATTERNS.base64,
    description: 'Never decoded',
  }),
  language: Type.Optional(OrNull(Bytes(CORE_BOUNDS.languageBytes, 'Echoed; `fr` when absent'))),
});
/** The answer of POST /api/voice/transcribe. */
export const TranscribeAnswer = Type.Object({
  text: Type.String({ description: 'Always the same' }),
  language: Filled('As asked'),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  duration_ms: Milliseconds('Always 2500'),
});

/** The answer of GET /api/voice/voices. */
export const VoicesAnswer = Type.Array(
  Type.Object({
    id: Filled('Voice id'),
    name: Type.String(),
    language: Type.String(),
    gender: Type.String(),
  }),
);
/** The answer of GET /api/voice/languages. */
export const LanguagesAnswer = Type.Array(Type.Unknown(), {
  description: 'fr, en, es; the form of an item is not documented',
});

/** The contract by operation. */
export const coreContract = {
  'auth.login': { summary: 'Log in', body: LoginRequest, answer: LoginAnswer },
  'auth.verify': { summary: 'Is this token valid', answer: VerifyAnswer },
  'auth.whoami': { summary: 'Whose token is this', answer: WhoamiAnswer },
  health: { summary: 'Is it healthy', answer: HealthAnswer },
  ready: { summary: 'Does it take requests', answer: ReadyAnswer },
  metrics: { summary: 'Counters, all zero', answer: MetricsAnswer },
  'chat.send': { summary: 'Send a message', body: ChatRequest, answer: ChatAnswer },
  'chat.conversations': { summary: 'List conversations', answer: ConversationsAnswer },
  'chat.history': { summary: 'Read a conversation', params: IdParams, answer: HistoryAnswer },
  'chat.delete': { summary: 'Delete a conversation', params: IdParams, answerKind: 'empty' },
  'memory.store': { summary: 'Store a memory', body: StoreRequest, answer: MemoryEntry },
  'memory.search': { summary: 'Search memories', body: SearchRequest, answer: SearchAnswer },
  'memory.list': { summary: 'List memories', answer: MemoryListAnswer },
  'voice.synthesize': { summary: 'Text to speech', body: SynthesizeRequest, answer: SynthesizeAnswer },
  'voice.transcribe': { summary: 'Speech to text', body: TranscribeRequest, answer: TranscribeAnswer },
  'voice.voices': { summary: 'List voices', answer: VoicesAnswer },
  'voice.languages': { summary: 'List languages', answer: LanguagesAnswer },
} as const satisfies Partial<Record<OperationName, OperationContract>>;

export type LoginAnswer = Static<typeof LoginAnswer>;
export type WhoamiAnswer = Static<typeof WhoamiAnswer>;
export type VerifyAnswer = Static<typeof VerifyAnswer>;
export type HealthAnswer = Static<typeof HealthAnswer>;
export type ReadyAnswer = Static<typeof ReadyAnswer>;
export type MetricsAnswer = Static<typeof MetricsAnswer>;
export type ChatAnswer = Static<typeof ChatAnswer>;
export type Conversation = Static<typeof Conversation>;
export type ConversationsAnswer = Static<typeof ConversationsAnswer>;
export type HistoryAnswer = Static<typeof HistoryAnswer>;
export type MemoryEntry = Static<typeof MemoryEntry>;
export type MemoryListAnswer = Static<typeof MemoryListAnswer>;
export type SearchAnswer = Static<typeof SearchAnswer>;
export type SynthesizeAnswer = Static<typeof SynthesizeAnswer>;
export type TranscribeAnswer = Static<typeof TranscribeAnswer>;
export type VoicesAnswer = Static<typeof VoicesAnswer>;
export type LanguagesAnswer = Static<typeof LanguagesAnswer>;
