import { Type, type Static } from '@jarvis-load/engine/typebox';
import { Compile } from '@jarvis-load/engine/typebox/compile';
import { countTokens } from '../llm/vocabulary.ts';

const OrNull = <T extends Parameters<typeof Type.Optional>[0]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));
const Part = Type.Object({ type: Type.String(), text: Type.Optional(Type.String()) });

/** The fields of a chat completion that the mock reads; further ones are allowed and have no effect. */
const ChatRequest = Type.Object({
  model: Type.String({ minLength: 1 }),
  messages: Type.Array(
    Type.Object({
      role: Type.String({ minLength: 1 }),
      content: OrNull(Type.Union([Type.String(), Type.Array(Part)])),
    }),
    { minItems: 1 },
  ),
  stream: OrNull(Type.Boolean()),
  stream_options: OrNull(Type.Object({ include_usage: OrNull(Type.Boolean()) })),
  max_tokens: OrNull(Type.Integer({ minimum: 1 })),
  max_completion_tokens: OrNull(Type.Integer({ minimum: 1 })),
  n: OrNull(Type.Integer({ minimum: 1, maximum: 1 })),
});

/** A valid request. */
export type ChatRequest = Static<typeof ChatRequest>;

const validator = Compile(ChatRequest);

/** Why a request is refused. */
export interface RefusedField {
  readonly message: string;
  readonly param: string | null;
}

/** Reads the body of `POST /v1/chat/completions`. */
export function readChatRequest(body: unknown): ChatRequest | RefusedField {
  if (validator.Check(body)) return body;
  // Of a union the first error is that of its first member, whichever was meant.
  const [first] = validator.Errors(body);
  const path = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const where = path === '' ? 'body' : path;
  return { message: `${where}: ${first?.message ?? 'is not valid'}`, param: path === '' ? null : path };
}

/** Four tokens for each message, and one for four bytes of its text. */
export function promptTokens({ messages }: ChatRequest): number {
  let tokens = 0;
  for (const { content } of messages) {
    const texts = typeof content === 'string' ? [content] : (content ?? []).map(({ text }) => text ?? '');
    tokens += 4 + texts.reduce((sum, text) => sum + countTokens(text), 0);
  }
  return tokens;
}
