import { defineScenario, type StreamEvent, type StreamPart } from '@jarvis-load/engine';
import { Type, type Static } from 'typebox';

/** Any server that speaks the OpenAI-style API: `--set model=...`, `--set prompt='...'`. */
export const settings = Type.Object({
  model: Type.String({ default: 'mock-llm', description: 'as GET /v1/models lists it' }),
  prompt: Type.String({ default: 'What will the weather be tomorrow? Answer in three sentences.' }),
});

/** What this scenario reads of an event. */
interface Chunk {
  readonly choices?: readonly { readonly delta: { readonly content?: string | null } }[];
  readonly usage?: { readonly completion_tokens: number } | null;
  readonly error?: { readonly message: string };
}

/** The first event names a role, the last one has the usage and no choice. */
function decode({ data }: StreamEvent): StreamPart | undefined {
  if (data === '[DONE]') return { kind: 'done' };
  const { choices, usage, error } = JSON.parse(data) as Chunk;
  if (error !== undefined) return { kind: 'error', message: error.message };
  if (usage) return { kind: 'usage', outputTokens: usage.completion_tokens };
  return { kind: 'token', text: choices?.[0]?.delta.content ?? '' };
}

export default ({ model, prompt }: Static<typeof settings>) =>
  defineScenario({
    name: 'chat',
    operations: [
      {
        name: 'chat.completions',
        method: 'POST',
        route: '/v1/chat/completions',
        stream: 'sse',
        decode,
        good: 'ttft < 800 ms and gap p99 < 200 ms',
      },
    ],
    thresholds: { ttft: ['p(95)<1500'], longest_gap: ['p(99)<1000'], goodput: ['rate>0.95'] },
    async run(user) {
      const answer = user.stream({
        operation: 'chat.completions',
        path: '/v1/chat/completions',
        json: {
          model,
          stream: true,
          stream_options: { include_usage: true },
          messages: [{ role: 'user', content: prompt }],
        },
      });
      let text = '';
      for await (const part of answer) if (part.kind === 'token') text += part.text;
      user.check(await answer.response, { 'has an answer': () => text !== '' });
    },
  });
