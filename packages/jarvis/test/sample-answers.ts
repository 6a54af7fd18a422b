import { encodeBase64, encodeWav, type OperationName } from '../src/index.ts';

const at = '2026-01-02T03:04:05.678Z';
const message = { id: 'm1', role: 'assistant', content: 'Bonjour', timestamp: at };
const conversation = { id: 'c1', title: 'Essai', created_at: at, updated_at: at, message_count: 2 };
const coreMessage = { ...message, conversation_id: 'c1', tokens: 50 };
const memory = { id: 'e1', content: 'un souvenir', embedding: null, importance: 0.5, created_at: at };
const audio = encodeBase64(
  encodeWav(
    Int16Array.from({ length: 2205 }, (_, i) => (i % 100) * 50),
    22_050,
  ),
);

/** A valid answer of each operation of the documented dialect. */
export const documentedAnswers: Partial<Record<OperationName, unknown>> = {
  'auth.login': { token: 't', expires_in: 3600 },
  health: { status: 'healthy', version: '1.9.0', uptime: 12, checks: { database: 'ok' } },
  ready: { status: 'ready' },
  'chat.send': { message, conversation_id: 'c1', latency_ms: 120 },
  'chat.conversations': { conversations: [conversation], total: 1 },
  'chat.history': { id: 'c1', title: 'Essai', messages: [message] },
  'chat.create': { id: 'c1', title: 'Essai', created_at: at },
  'chat.delete': { success: true, message: 'deleted' },
  'memory.store': { success: true, indexed: true },
  'memory.search': {
    results: [{ conversation_id: 'c1', user_message: 'q', bot_response: 'r', timestamp: at, score: 0.5 }],
    total: 1,
    query_time_ms: 3,
  },
  'voice.synthesize': { audio_data: audio, format: 'wav', duration_ms: 100, sample_rate: 22_050 },
  'voice.transcribe': { text: 'bonjour', confidence: 0.9, language: 'fr', duration_ms: 100 },
};

/** A valid answer of each operation of the core. */
export const coreAnswers: Partial<Record<OperationName, unknown>> = {
  'auth.login': { access_token: 't', token_type: 'Bearer', expires_in: 86_400, user_id: 'u', username: 'a' },
  'auth.verify': { valid: true, user_id: 'u', username: 'a', permissions: ['chat'] },
  'auth.whoami': { user_id: 'u', username: 'a', permissions: ['chat'] },
  health: { status: 'healthy', version: '1.9.0', uptime_secs: 0, services: { database: 'healthy' } },
  ready: { status: 'ready', version: '1.9.0' },
  metrics: {
    requests_total: 0,
    chat_requests: 0,
    stt_requests: 0,
    tts_requests: 0,
    memory_searches: 0,
    avg_latency_ms: 0,
  },
  'chat.send': coreMessage,
  'chat.conversations': [{ ...conversation, summary: 's' }],
  'chat.history': [coreMessage],
  'memory.store': memory,
  'memory.search': { results: [memory], total: 1 },
  'memory.list': [memory],
  'voice.synthesize': {
    audio_data: 'base64_encoded_audio_data',
    sample_rate: 22_050,
    duration_ms: 3000,
    voice: 'fr_FR-upmc-medium',
  },
  'voice.transcribe': { text: 'constant', language: 'fr', confidence: 0.95, duration_ms: 2500 },
  'voice.voices': [{ id: 'v', name: 'n', language: 'fr', gender: 'female' }],
  'voice.languages': ['fr', 'en', 'es'],
};
