import type { LoadResponse, RequestSpec } from '@jarvis-load/engine';
import { recordings } from './recordings.ts';
import { coreDialect, documentedDialect, encodeBase64, encodeWav, type Dialect } from '../src/index.ts';
import { fakeResponse } from './fake-response.ts';
import { coreAnswers } from './sample-answers.ts';

const at = '2026-01-02T03:04:05.678Z';

interface ScriptedTarget {
  readonly dialect: Dialect;
  answer(spec: RequestSpec, method?: string): LoadResponse;
  /** Titles of the existing conversations. */
  titles(): string[];
  /** Rejects all tokens issued so far. */
  revoke(): void;
  logins: number;
}

interface Asked {
  readonly json: Record<string, string | undefined>;
  readonly path: string;
}

/** A minimal stateful Jarvis: it stores conversations and memories, and transcribes its own synthesis. */
export function scriptedTarget(
  dialect: Dialect,
  settings: { indexLag?: number; expiresIn?: number } = {},
): ScriptedTarget {
  const conversations = new Map<string, { title: string; messages: { role: string; content: string }[] }>();
  const memories: string[] = [];
  const said = new Map<string, string>();
  let valid = '';
  let unseen = settings.indexLag ?? 0;

  const documented: Record<string, (asked: Asked) => unknown> = {
    'auth.login': () => {
      valid = `t${++target.logins}`;
      return { token: valid, expires_in: settings.expiresIn ?? 3600 };
    },
    health: () => ({ status: 'healthy', version: '1.9.0', uptime: 1, checks: {} }),
    ready: () => ({ status: 'ready' }),
    'chat.send': ({ json }) => {
      const id = json['conversation_id'] ?? `c${conversations.size + 1}`;
      const content = json['content'] ?? '';
      const conversation = conversations.get(id) ?? { title: content.slice(0, 60), messages: [] };
      conversations.set(id, conversation);
      conversation.messages.push({ role: 'user', content }, { role: 'assistant', content: 'oui' });
      return {
        message: { id: 'm', role: 'assistant', content: 'oui', timestamp: at },
        conversation_id: id,
        latency_ms: 5,
      };
    },
    'chat.conversations': () => ({
      conversations: [...conversations].map(([id, { title, messages }]) => ({
        id,
        title,
        created_at: at,
        updated_at: at,
        message_count: messages.length,
      })),
      total: conversations.size,
    }),
    'chat.history': ({ path }) => {
      const id = path.split('/').at(-1) ?? '';
      const found = conversations.get(id);
      if (found === undefined) return undefined;
      return {
        id,
        title: found.title,
        messages: found.messages.map((m) => ({ ...m, id: 'm', timestamp: at })),
      };
    },
    'chat.create': ({ json }) => {
      const id = `c${conversations.size + 1}`;
      conversations.set(id, { title: json['title'] ?? '', messages: [] });
      return { id, title: json['title'], created_at: at };
    },
    'chat.delete': ({ path }) =>
      conversations.delete(path.split('/').at(-1) ?? '') ? { success: true, message: 'gone' } : undefined,
    'memory.store': ({ json }) => {
      memories.push(`${json['user_message']}`);
      return { success: true, indexed: true };
    },
    'memory.search': ({ path }) => {
      const query = decodeURIComponent(/q=([^&]*)/.exec(path)?.[1] ?? '');
      const visible = unseen-- > 0 ? [] : memories.filter((text) => text.includes(query));
      const results = visible.map((text) => ({
        conversation_id: 'c',
        user_message: text,
        bot_response: 'oui',
        timestamp: at,
        score: 1,
      }));
      return { results, total: results.length, query_time_ms: 1 };
    },
    'voice.synthesize': ({ json }) => {
      const samples = Int16Array.from({ length: 4000 }, (_, index) => (index * (said.size + 3)) % 20_000);
      const audio = encodeBase64(encodeWav(samples, 22_050));
      said.set(audio, json['text'] ?? '');
      return { audio_data: audio, format: 'wav', duration_ms: 181, sample_rate: 22_050 };
    },
    'voice.transcribe': ({ json }) => ({
      text: said.get(json['audio_data'] ?? '') ?? spoken(json['audio_data'])?.said ?? 'un bruit',
      confidence: 0.9,
      language: 'fr',
      duration_ms: 900,
    }),
  };
  const core: Record<string, (asked: Asked) => unknown> = {
    ...Object.fromEntries(Object.entries(coreAnswers).map(([name, answer]) => [name, () => answer])),
    'auth.login': () => {
      valid = `t${++target.logins}`;
      return { access_token: valid, token_type: 'Bearer', expires_in: 86_400, user_id: 'u', username: 'a' };
    },
    'memory.search': ({ json }) => ({
      results: [{ id: 'e', content: json['query'], embedding: null, importance: 0.8, created_at: at }],
      total: 1,
    }),
    'chat.delete': () => '',
  };

  const routes = Object.values(dialect.operations).map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.route.replace('{id}', '[^/]+')}$`),
  }));
  const target: ScriptedTarget = {
    dialect,
    logins: 0,
    titles: () => [...conversations.values()].map(({ title }) => title),
    revoke: () => (valid = 'revoked'),
    answer({ path: asked = '', ...spec }, method) {
      const path = asked.split('?')[0] ?? '';
      // Match by path only, as a server does: a request of the other dialect gets a 404.
      const route = routes.find(
        ({ operation, pattern }) =>
          pattern.test(path) &&
          (method === undefined ? spec.operation.endsWith(operation.name) : method === operation.method),
      );
      if (route === undefined) return fakeResponse({ status: 404 });
      const { operation } = route;
      if (operation.protected && spec.headers?.['authorization'] !== `Bearer ${valid}`) {
        return fakeResponse({ status: 401, json: { error: 'Invalid token', code: 'UNAUTHORIZED' } });
      }
      if (operation.name === 'metrics' && dialect.id === 'documented') {
        return fakeResponse({ text: 'http_requests_total{method="GET"} 1\n' });
      }
      const body = (dialect.id === 'core' ? core : documented)[operation.name]?.({
        json: JSON.parse(JSON.stringify(spec.json ?? {})) as Asked['json'],
        path: asked,
      });
      if (body === undefined)
        return fakeResponse({ status: 404, json: { error: 'x', message: 'x', code: 'x' } });
      return body === ''
        ? fakeResponse({ text: '' })
        : fakeResponse({ operation: operation.name, json: body });
    },
  };
  return target;
}

export const dialects: readonly Dialect[] = [documentedDialect, coreDialect];

const spoken = (audio: string | undefined) => recordings.find(({ audioBase64 }) => audioBase64 === audio);
