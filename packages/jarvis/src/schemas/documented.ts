/**
 * The documented contract as schemas for servers and documents. The API examples override the older reference.
 *
 * Must hold:
 * - Answers are exactly as strict as the rules of `dialects/documented.ts` (`test/dialects.test.ts`).
 * - The mock validates requests with these schemas and makes its OpenAPI document of them: a change changes both.
 * - k6 bundles no schemas: other folders of this package import only types from here.
 */
import { Type, type Static } from '@jarvis-load/engine/typebox';
import type { OperationName } from '../dialects/operation-name.ts';
import type { OperationContract } from './contract.ts';
import { Filled, IdParams, Milliseconds, Role, Timestamp } from './pieces.ts';

/** The body of POST /auth/login. */
export const LoginRequest = Type.Object({
  username: Filled('Account name'),
  password: Filled('Password'),
});
/** The answer of POST /auth/login. */
export const LoginAnswer = Type.Object({
  token: Filled('For `Authorization: Bearer`'),
  expires_in: Type.Number({ minimum: 0, description: 'Life of the token in seconds' }),
});

/** GET /health. */
export const HealthAnswer = Type.Object({
  status: Filled('`healthy` when all is well'),
  version: Filled('Version of Jarvis'),
  uptime: Type.Number({ minimum: 0, description: 'Seconds' }),
  checks: Type.Record(Type.String(), Type.String(), {
    description: '`ok`, by part: database, redis, ollama',
  }),
});

/** GET /ready. */
export const ReadyAnswer = Type.Object({ status: Filled('`ready`') });

/** One message of a conversation. */
export const Message = Type.Object({
  id: Filled('Message id'),
  role: Role,
  content: Filled('Text'),
  timestamp: Timestamp,
});

/** The body of POST /api/chat. */
export const ChatRequest = Type.Object({
  content: Type.String({ minLength: 1, maxLength: 10_000, description: 'What the user says' }),
  conversation_id: Type.Optional(Type.String({ minLength: 1, description: 'Continues a conversation' })),
  metadata: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
/** The answer of POST /api/chat. */
export const ChatAnswer = Type.Object({
  message: Message,
  conversation_id: Filled('The conversation, new or continued'),
  latency_ms: Milliseconds('Time the server took'),
});

/** The query of GET /api/chat/conversations. */
export const ConversationsQuery = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
});
/** An item of the list of conversations. */
export const Conversation = Type.Object({
  id: Filled('Conversation id'),
  title: Type.String(),
  created_at: Timestamp,
  updated_at: Timestamp,
  message_count: Type.Integer({ minimum: 0 }),
});
/** The answer of GET /api/chat/conversations. */
export const ConversationsAnswer = Type.Object({
  conversations: Type.Array(Conversation),
  total: Type.Integer({ minimum: 0 }),
});

/** GET /api/chat/conversation/{id}. */
export const HistoryAnswer = Type.Object({
  id: Filled('Conversation id'),
  title: Type.String(),
  messages: Type.Array(Message),
});
/** GET /api/chat/history/{id}, the format of the older reference: served by the mock, never requested by scenarios. */
export const OlderHistoryAnswer = Type.Object({
  conversation_id: Filled('Conversation id'),
  messages: Type.Array(Message),
});

/** The body of POST /api/chat/conversation. */
export const CreateRequest = Type.Object({ title: Type.String({ minLength: 1, maxLength: 255 }) });
/** The answer of POST /api/chat/conversation. */
export const CreateAnswer = Type.Object({
  id: Filled('Conversation id'),
  title: Type.String(),
  created_at: Timestamp,
});

/** DELETE /api/chat/conversation/{id}. */
export const DeleteAnswer = Type.Object({ success: Type.Literal(true), message: Type.String() });

/** The body of POST /api/memory/store. */
export const StoreRequest = Type.Object({
  conversation_id: Filled('Conversation id'),
  user_message: Filled('What the user said'),
  bot_response: Filled('What Jarvis answered'),
});
/** The answer of POST /api/memory/store. */
export const StoreAnswer = Type.Object({ success: Type.Literal(true), indexed: Type.Boolean() });

/** The query of GET /api/memory/search. */
export const SearchQuery = Type.Object({
  q: Type.String({ minLength: 1, maxLength: 1000, description: 'Words to look for' }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
});
/** An item of the results of a search. */
export const SearchHit = Type.Object({
  conversation_id: Filled('Conversation id'),
  user_message: Type.String(),
  bot_response: Type.String(),
  timestamp: Timestamp,
  score: Type.Number(),
});
/** The answer of GET /api/memory/search. */
export const SearchAnswer = Type.Object({
  results: Type.Array(SearchHit),
  total: Type.Integer({ minimum: 0 }),
  query_time_ms: Milliseconds('Time the index took'),
});

/** The body of POST /api/voice/synthesize. */
export const SynthesizeRequest = Type.Object({
  text: Type.String({ minLength: 1, maxLength: 5000, description: 'What to say' }),
  language: Type.Optional(Type.String({ minLength: 2, maxLength: 10 })),
  voice: Type.Optional(Type.String({ maxLength: 100 })),
});
/** The answer of POST /api/voice/synthesize. */
export const SynthesizeAnswer = Type.Object({
  audio_data: Type.String({ minLength: 1, contentEncoding: 'base64', description: 'The audio, base64' }),
  format: Filled('`wav`'),
  duration_ms: Milliseconds('Length of the audio'),
  sample_rate: Type.Integer({ minimum: 1, description: 'Hz' }),
});

/** The body of POST /api/voice/transcribe. */
export const TranscribeRequest = Type.Object({
  audio_data: Type.String({ minLength: 1, contentEncoding: 'base64', description: 'A WAV, base64' }),
  language: Type.Optional(Type.String({ maxLength: 10 })),
});
/** The answer of POST /api/voice/transcribe. */
export const TranscribeAnswer = Type.Object({
  text: Type.String({ description: 'What was heard; empty where there were no words' }),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  language: Filled('Such as `fr`'),
  duration_ms: Milliseconds('Length of the audio'),
});

/** The contract by operation. */
export const documentedContract = {
  'auth.login': { summary: 'Log in', body: LoginRequest, answer: LoginAnswer },
  health: { summary: 'Is it healthy', answer: HealthAnswer },
  ready: { summary: 'Does it take requests', answer: ReadyAnswer },
  metrics: { summary: 'Metrics as Prometheus text', answerKind: 'text' },
  'chat.send': { summary: 'Send a message', body: ChatRequest, answer: ChatAnswer },
  'chat.conversations': {
    summary: 'List conversations',
    query: ConversationsQuery,
    answer: ConversationsAnswer,
  },
  'chat.history': { summary: 'Read a conversation', params: IdParams, answer: HistoryAnswer },
  'chat.create': { summary: 'Create a conversation', body: CreateRequest, answer: CreateAnswer },
  'chat.delete': { summary: 'Delete a conversation', params: IdParams, answer: DeleteAnswer },
  'memory.store': { summary: 'Store a memory', body: StoreRequest, answer: StoreAnswer },
  'memory.search': { summary: 'Search memories', query: SearchQuery, answer: SearchAnswer },
  'voice.synthesize': { summary: 'Text to speech', body: SynthesizeRequest, answer: SynthesizeAnswer },
  'voice.transcribe': { summary: 'Speech to text', body: TranscribeRequest, answer: TranscribeAnswer },
} as const satisfies Partial<Record<OperationName, OperationContract>>;

export type LoginAnswer = Static<typeof LoginAnswer>;
export type HealthAnswer = Static<typeof HealthAnswer>;
export type ReadyAnswer = Static<typeof ReadyAnswer>;
export type Message = Static<typeof Message>;
export type ChatAnswer = Static<typeof ChatAnswer>;
export type Conversation = Static<typeof Conversation>;
export type ConversationsAnswer = Static<typeof ConversationsAnswer>;
export type HistoryAnswer = Static<typeof HistoryAnswer>;
export type CreateAnswer = Static<typeof CreateAnswer>;
export type DeleteAnswer = Static<typeof DeleteAnswer>;
export type StoreAnswer = Static<typeof StoreAnswer>;
export type SearchHit = Static<typeof SearchHit>;
export type SearchAnswer = Static<typeof SearchAnswer>;
export type SynthesizeAnswer = Static<typeof SynthesizeAnswer>;
export type TranscribeAnswer = Static<typeof TranscribeAnswer>;
