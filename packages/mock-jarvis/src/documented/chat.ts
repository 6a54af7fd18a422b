import type { FastifyInstance } from 'fastify';
import { hashText } from '../random/stream.ts';
import { json } from '../server/answer.ts';
import type { Runtime } from '../server/runtime.ts';
import type { StoredConversation, StoredMessage } from '../stores/conversations.ts';
import { notFound } from './errors.ts';
import { addOperation } from './route.ts';

const DEFAULT_PAGE = 50;
/** Scenarios keep the run id within these characters of a message, as clean-up finds conversations by their titles. */
const TITLE_LENGTH = 60;
const QUOTE_LENGTH = 80;

const REPLIES = [
  (quote: string) => `Vous avez dit « ${quote} ». Comment puis-je vous aider ?`,
  (quote: string) => `Bien reçu : « ${quote} ». Je m’en occupe tout de suite.`,
  (quote: string) => `À propos de « ${quote} », voici ce que je peux vous dire.`,
  (quote: string) => `D’accord. Pour « ${quote} », il me faut un peu plus de détails.`,
];

/** Reply to a message; the same message always gets the same reply. */
function replyTo(content: string): string {
  const quote = content.length > QUOTE_LENGTH ? `${content.slice(0, QUOTE_LENGTH)}…` : content;
  return REPLIES[hashText(content) % REPLIES.length]!(quote);
}

/** Adds a message and its reply to a conversation, which is created if it does not exist; returns the reply. */
export function converse(
  runtime: Runtime,
  owner: string,
  content: string,
  conversationId: string | undefined,
): { readonly reply: StoredMessage; readonly conversation: StoredConversation } {
  const timestamp = runtime.timestamp();
  const id = conversationId ?? runtime.uuid();
  const store = runtime.conversations;
  const conversation =
    store.find(owner, id) ?? store.create(owner, id, content.slice(0, TITLE_LENGTH), timestamp);
  const reply = { id: runtime.uuid(), role: 'assistant' as const, content: replyTo(content), timestamp };
  store.append(conversation, [{ id: runtime.uuid(), role: 'user', content, timestamp }, reply]);
  return { reply, conversation };
}

/** Chat and conversations. */
export function addChatRoutes(app: FastifyInstance, runtime: Runtime): void {
  const { clock } = runtime;

  addOperation<{ content: string; conversation_id?: string }>(app, runtime, 'chat.send', (request) => {
    const { body, exchange } = request;
    const owner = exchange.claims!.username;
    const { reply, conversation } = converse(runtime, owner, body.content, body.conversation_id);
    const latencyMs = exchange.serverMs(clock.elapsedMs());
    return json({ message: reply, conversation_id: conversation.id, latency_ms: latencyMs });
  });

  addOperation<undefined, { page?: number; limit?: number }>(
    app,
    runtime,
    'chat.conversations',
    (request) => {
      const { page = 1, limit = DEFAULT_PAGE } = request.query;
      const owner = request.exchange.claims!.username;
      const listed = runtime.conversations.list(owner, (page - 1) * limit, limit);
      const conversations = listed.page.map(({ id, title, createdAt, updatedAt, messageCount }) => ({
        id,
        title,
        created_at: createdAt,
        updated_at: updatedAt,
        message_count: messageCount,
      }));
      return json({ conversations, total: listed.total });
    },
  );

  type ById = { id: string };
  addOperation<undefined, undefined, ById>(app, runtime, 'chat.history', (request) => {
    const found = runtime.conversations.find(request.exchange.claims!.username, request.params.id);
    if (found === undefined) return notFound('Conversation not found');
    return json({ id: found.id, title: found.title, messages: found.messages });
  });
  const older = '/api/chat/history/{id}';
  addOperation<undefined, undefined, ById>(
    app,
    runtime,
    'chat.history',
    (request) => {
      const found = runtime.conversations.find(request.exchange.claims!.username, request.params.id);
      if (found === undefined) return notFound('Conversation not found');
      return json({ conversation_id: found.id, messages: found.messages });
    },
    older,
  );

  addOperation<{ title: string }>(app, runtime, 'chat.create', (request) => {
    const owner = request.exchange.claims!.username;
    const created = runtime.conversations.create(
      owner,
      runtime.uuid(),
      request.body.title,
      runtime.timestamp(),
    );
    return json({ id: created.id, title: created.title, created_at: created.createdAt });
  });

  addOperation<undefined, undefined, ById>(app, runtime, 'chat.delete', (request) => {
    const deleted = runtime.conversations.delete(request.exchange.claims!.username, request.params.id);
    return deleted
      ? json({ success: true, message: 'Conversation deleted' })
      : notFound('Conversation not found');
  });
}
