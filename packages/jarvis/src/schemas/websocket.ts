import { Type, type Static } from '@jarvis-load/engine/typebox';
import { Timestamp } from './pieces.ts';

/** `scenarios/chat-socket.ts` repeats the bound: k6 bundles no schemas. */
const Content = Type.String({ minLength: 1, maxLength: 10_000 });

/**
 * Messages of a client over `/ws` in the documented dialect: `auth`, then `chat`; or `message`, the form of the older
 * reference, with its text in `content` or `message`.
 */
export const SocketClientMessage = Type.Union([
  Type.Object({ type: Type.Literal('auth'), token: Type.String() }),
  Type.Object({ type: Type.Literal('chat'), content: Content }),
  Type.Object({ type: Type.Literal('message'), content: Content }),
  Type.Object({ type: Type.Literal('message'), message: Content }),
]);

/** The server's answer to `chat`. */
export const SocketChatResponse = Type.Object({
  type: Type.Literal('chat_response'),
  content: Type.String(),
  timestamp: Timestamp,
});

/** The server's answer to `message`; `typing_start` comes before it, `typing_stop` after it. */
export const SocketResponse = Type.Object({
  type: Type.Literal('response'),
  response: Type.String(),
  conversation_id: Type.String(),
  model: Type.String(),
  timestamp: Timestamp,
});

export type SocketClientMessage = Static<typeof SocketClientMessage>;
export type SocketChatResponse = Static<typeof SocketChatResponse>;
