import type { ScenarioDefinition } from '@jarvis-load/engine';
import { CHAT_MESSAGES, pick } from '../data/texts.ts';
import { askModel, bearer, type Message } from './ask-model.ts';
import { chatOperation } from './operations.ts';
import type { Prompt, PromptTurn } from './prompts.ts';
import type { OpenAiSettings } from './settings.ts';

/** Options of {@link chatStream}. */
export interface ChatStreamOptions {
  readonly settings: OpenAiSettings;
  /** As the target names it. */
  readonly model: string;
  /** Empty: prompts of this package. */
  readonly prompts: readonly Prompt[];
  /** Sent as bearer token. */
  readonly token: string | undefined;
}

/** Text of ASCII alone: as many bytes as characters. */
const FILLER = `${CHAT_MESSAGES.join(' ')} `.normalize('NFD').replaceAll(/[^ -~]/g, '');
/** As in `prompts.ts` and in the mock (`llm/vocabulary.ts`). */
const BYTES_PER_TOKEN = 4;

/**
 * Users who chat with a language model: each turn is a streamed completion that carries the turns before it. A
 * conversation ends with its last turn, with an answer that fails, and when the user hangs up. Lengths of a replayed arrival
 * precede those of the settings; the text of a prompt of a file stays as it is.
 */
export function chatStream({ settings, model, prompts, token }: ChatStreamOptions): ScenarioDefinition {
  const { turns, thinkSeconds, answerTokens, promptTokens, hangUpAfterMs, hangUpShare, good, idleTimeoutMs } =
    settings;
  const headers = bearer(token);
  return {
    name: 'chat-stream',
    description: 'Chat with a language model, streamed: time to first token, gaps, tokens, goodput',
    operations: [chatOperation({ good, idleTimeoutMs, model })],
    async run(user) {
      const random = (): number => user.random();
      const said = prompts.length === 0 ? undefined : pick(prompts, random).turns;
      const messages: Message[] = [];
      for (let turn = 0; turn < Math.min(turns, said?.length ?? turns); turn++) {
        if (turn > 0) await user.think(thinkSeconds);
        const asked: PromptTurn = said?.[turn] ?? {
          text: madeUp(atLeastOne(user.arrival?.promptTokens) ?? promptTokens?.(random), random),
        };
        messages.push({ role: 'user', content: asked.text });
        const { text, response } = await askModel(user, {
          model,
          messages,
          maxTokens:
            atLeastOne(user.arrival?.answerTokens) ??
            (answerTokens === 'file' ? asked.answerTokens : answerTokens?.(random)),
          headers,
          hangUpAfterMs: hangUpShare === 1 || random() < hangUpShare ? hangUpAfterMs : undefined,
        });
        if (response.outcome !== 'ok') return;
        messages.push({ role: 'assistant', content: text });
      }
    },
    thresholds: {
      ttft: ['p(95)<800'],
      // Where users hang up on every answer none has a last token.
      ttlt: [{ threshold: 'p(95)<10000', optional: true }],
      tpot: [{ threshold: 'p(95)<100', optional: true }],
      longest_gap: ['p(99)<1000'],
      goodput: ['rate>0.95'],
      http_req_failed: ['rate<0.01'],
    },
    demand: {
      iterationSeconds: ((turns - 1) * (thinkSeconds.min + thinkSeconds.max)) / 2,
      requests: { 'openai.chat': turns },
    },
  };
}

/** Traces have lengths of 0; a request has a prompt, and `max_tokens` is at least 1. */
function atLeastOne(tokens: number | undefined): number | undefined {
  return tokens === undefined ? undefined : Math.max(1, tokens);
}

/** A prompt of about so many tokens with a beginning of its own, so that no cache of prefixes holds it. */
function madeUp(tokens: number | undefined, random: () => number): string {
  if (tokens === undefined) return pick(CHAT_MESSAGES, random);
  const length = tokens * BYTES_PER_TOKEN;
  const start = `${Math.floor(random() * 1e9)} `;
  return (start + FILLER.repeat(Math.ceil(length / FILLER.length))).slice(0, length);
}
