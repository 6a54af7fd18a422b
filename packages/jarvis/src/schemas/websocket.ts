import { Type, type Static } from 'typebox';
import { Timestamp } from './pieces.ts';

/** Messages of a client over `/ws` in the documented dialect: first `auth`, then `chat`. */
export const SocketClientMessage = Type.Union([
  Type.Object({ type: Type.Literal('auth'), token: Type.String() }),
  Type.Object({ type: Type.Literal('chat'), content: Type.String({ minLength: 1, maxLength: 10_000 }) }),
]);

/** The server's answer to `chat`. */
export const SocketChatResponse = Type.Object({
  type: Type.Literal('chat_response'),
  content: Type.String(),
  timestamp: Timestamp,
});

export type SocketClientMessage = Static<typeof SocketClientMessage>;
export type SocketChatResponse = Static<typeof SocketChatResponse>;
