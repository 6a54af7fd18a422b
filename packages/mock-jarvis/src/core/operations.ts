/**
 * The operations of the core; but for ids, tokens and times every answer is a constant or an echo of the request.
 *
 * Must hold:
 * - Nothing of a request is stored: no operation changes the answer of another.
 * - A float that a request has, or that may be whole, is written by `rustFloat`, as the core writes `1.0`.
 * - What an answer echoes has passed `refuseValue`.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { JARVIS_VERSION } from '../documented/system.ts';
import type { Runtime } from '../server/runtime.ts';
import { addOperation } from './route.ts';
import { rustFloat } from './rust-float.ts';
import { empty } from '../server/answer.ts';
import { coreJson } from './text.ts';
import { nanosecondTimestamp } from './timestamp.ts';
import {
  refuseAudio,
  refuseConversationId,
  refuseCredentials,
  refuseMemory,
  refuseMessage,
  refuseSearch,
  refuseSpeech,
} from './validate.ts';

const DEFAULT_VOICE = 'fr_FR-upmc-medium';
const PLACEHOLDER_AUDIO = 'base64_encoded_audio_data';
const SCRIPTS = ['<script>', '</script>', 'javascript:', 'onerror=', 'onload='];
const VOICES = [
  { id: 'fr_FR-upmc-medium', name: 'UPMC', language: 'fr_FR', gender: 'female' },
  { id: 'fr_FR-siwis-medium', name: 'Siwis', language: 'fr_FR', gender: 'female' },
  { id: 'en_US-amy-medium', name: 'Amy', language: 'en_US', gender: 'female' },
];
const LANGUAGES = [
  { code: 'fr', name: 'Français' },
  { code: 'en', name: 'English' },
  { code: 'es', name: 'Español' },
];

const clean = (text: string): string =>
  SCRIPTS.reduce((rest, script) => rest.replaceAll(script, ''), text).trim();

const whoAmI = (request: FastifyRequest) => {
  const { user_id, username, permissions } = request.exchange.claims!;
  return { user_id, username, permissions };
};

/** Registers the operations of the core. */
export function addCoreOperations(app: FastifyInstance, runtime: Runtime): void {
  const { clock } = runtime;
  const now = (): string => nanosecondTimestamp(clock.nowMs(), clock.elapsedMs());
  const memory = (content: string, importance: number): string => {
    const head = JSON.stringify({ id: runtime.uuid(), content, embedding: null }).slice(0, -1);
    return `${head},"importance":${rustFloat(importance)},"created_at":"${now()}"}`;
  };
  let firstHealthMs: number | undefined;

  addOperation(app, runtime, 'auth.login', {
    struct: { name: 'LoginRequest', fields: { username: 'string', password: 'string' } },
    refuseValue: ({ username, password }) => refuseCredentials(username, password),
    answer: ({ username }) => {
      const userId = `user-${runtime.uuid()}`;
      return coreJson({
        access_token: runtime.tokens.issue(userId, username),
        token_type: 'Bearer',
        expires_in: runtime.tokens.lifetimeSeconds,
        user_id: userId,
        username,
      });
    },
  });
  addOperation(app, runtime, 'auth.verify', {
    answer: (_body, request) => coreJson({ valid: true, ...whoAmI(request) }),
  });
  addOperation(app, runtime, 'auth.whoami', { answer: (_body, request) => coreJson(whoAmI(request)) });

  addOperation(app, runtime, 'health', {
    answer: () => {
      firstHealthMs ??= clock.elapsedMs();
      return coreJson({
        status: 'healthy',
        version: JARVIS_VERSION,
        uptime_secs: Math.floor((clock.elapsedMs() - firstHealthMs) / 1000),
        services: { database: 'healthy', python_bridges: 'healthy', audio_engine: 'healthy' },
      });
    },
  });
  addOperation(app, runtime, 'ready', {
    answer: () => coreJson({ status: 'ready', version: JARVIS_VERSION }),
  });
  addOperation(app, runtime, 'metrics', {
    answer: () => ({
      status: 200,
      type: 'application/json',
      body: '{"requests_total":0,"chat_requests":0,"stt_requests":0,"tts_requests":0,"memory_searches":0,"avg_latency_ms":0.0}',
    }),
  });

  addOperation(app, runtime, 'chat.send', {
    struct: { name: 'ChatRequest', fields: { content: 'string', conversation_id: 'string?' } },
    refuseValue: (body) => refuseMessage(body.content) ?? refuseConversationId(body.conversation_id),
    answer: (body) =>
      coreJson({
        id: runtime.uuid(),
        conversation_id: body.conversation_id ?? runtime.uuid(),
        role: 'assistant',
        content: `Réponse mock: ${clean(body.content)}`,
        timestamp: now(),
        tokens: 50,
      }),
  });
  addOperation(app, runtime, 'chat.conversations', {
    answer: () =>
      coreJson([
        {
          id: runtime.uuid(),
          title: 'Conversation 1',
          summary: 'Résumé de la conversation',
          created_at: now(),
          updated_at: now(),
          message_count: 5,
        },
      ]),
  });
  addOperation(app, runtime, 'chat.history', {
    refuseValue: (_body, { id }) => refuseConversationId(id),
    answer: () => {
      const said = { conversation_id: 'conv_1' };
      return coreJson([
        { id: runtime.uuid(), ...said, role: 'user', content: 'Bonjour', timestamp: now(), tokens: 10 },
        {
          id: runtime.uuid(),
          ...said,
          role: 'assistant',
          content: 'Bonjour ! Comment puis-je vous aider ?',
          timestamp: now(),
          tokens: 20,
        },
      ]);
    },
  });
  addOperation(app, runtime, 'chat.delete', {
    refuseValue: (_body, { id }) => refuseConversationId(id),
    answer: () => empty(200),
  });

  addOperation(app, runtime, 'memory.store', {
    struct: { name: 'AddMemoryRequest', fields: { content: 'string', importance: 'f32?' } },
    refuseValue: (body) => refuseMemory(body.content, body.importance),
    answer: (body) => ({
      status: 200,
      type: 'application/json',
      body: memory(body.content, body.importance ?? 0.5),
    }),
  });
  addOperation(app, runtime, 'memory.search', {
    struct: { name: 'SearchMemoryRequest', fields: { query: 'string', limit: 'i32?' } },
    refuseValue: (body) => refuseSearch(body.query, body.limit),
    answer: (body) => ({
      status: 200,
      type: 'application/json',
      body: `{"results":[${memory(body.query, 0.8)}],"total":1}`,
    }),
  });
  addOperation(app, runtime, 'memory.list', {
    answer: () => ({
      status: 200,
      type: 'application/json',
      body: `[${memory('Premier souvenir', 0.8)},${memory('Deuxième souvenir', 0.6)}]`,
    }),
  });

  addOperation(app, runtime, 'voice.synthesize', {
    struct: { name: 'TTSRequest', fields: { text: 'string', voice: 'string?', speed: 'f32?' } },
    refuseValue: (body) => refuseSpeech(body.text, body.voice, body.speed),
    answer: (body) =>
      coreJson({
        audio_data: PLACEHOLDER_AUDIO,
        sample_rate: 22_050,
        duration_ms: 3000,
        voice: body.voice ?? DEFAULT_VOICE,
      }),
  });
  addOperation(app, runtime, 'voice.transcribe', {
    struct: { name: 'STTRequest', fields: { audio_data: 'string', language: 'string?' } },
    refuseValue: (body) => refuseAudio(body.audio_data, body.language),
    answer: (body) =>
      coreJson({
        text: 'Transcription mock du fichier audio',
        language: body.language ?? 'fr',
        confidence: 0.95,
        duration_ms: 2500,
      }),
  });
  addOperation(app, runtime, 'voice.voices', { answer: () => coreJson(VOICES) });
  addOperation(app, runtime, 'voice.languages', { answer: () => coreJson(LANGUAGES) });
}
