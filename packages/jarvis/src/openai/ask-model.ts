import type { LoadResponse, VirtualUser } from '@jarvis-load/engine';

/** A message of a conversation, as the API has it. */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** One request for an answer. */
export interface ChatAsked {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly maxTokens?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** When the user hangs up. */
  readonly hangUpAfterMs?: number | undefined;
}

/** The answer, read to its end: its tokens without reasoning, as many as came. */
export interface ChatAnswer {
  readonly text: string;
  readonly response: LoadResponse;
}

/** Streams a chat completion; never throws for a failed one. The scenario must declare `chatOperation`. */
export async function askModel(user: VirtualUser, asked: ChatAsked): Promise<ChatAnswer> {
  const { model, messages, maxTokens, headers, hangUpAfterMs } = asked;
  const stream = user.stream({
    operation: 'openai.chat',
    path: '/v1/chat/completions',
    json: {
      model,
      stream: true,
      stream_options: { include_usage: true },
      ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
      messages,
    },
    ...(headers === undefined ? {} : { headers }),
    ...(hangUpAfterMs === undefined ? {} : { hangUpAfterMs }),
  });
  let text = '';
  for await (const part of stream) if (part.kind === 'token') text += part.text ?? '';
  return { text, response: await stream.response };
}

/** Headers that send a bearer token; undefined without one. */
export function bearer(token: string | undefined): Readonly<Record<string, string>> | undefined {
  return token === undefined ? undefined : { authorization: `Bearer ${token}` };
}
