import type { AnswerPlan } from '../llm/answer-plan.ts';

/** Token counts of the answer, as the OpenAI API reports them: `completion` includes `reasoning`. */
export function usageOf(prompt: number, reasoning: number, completion: number): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

/** End mark of a stream. */
const DONE = 'data: [DONE]\n\n';
/** An SSE comment: keeps a connection open without an event. */
export const COMMENT = ': keep-alive\n\n';

/** Names of an answer: the same in all of its events. */
export interface AnswerHead {
  readonly plan: AnswerPlan;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

/** Renders the events of one streamed answer. What all of them share is rendered once. */
export class ChatEvents {
  readonly #start: string;
  readonly #end: string;
  readonly #asksUsage: boolean;
  readonly #stamp: () => string;

  /** @param stamp called for each event: a JSON field with a comma after it, which comes first in the event, or an empty text */
  constructor({ plan, model, created }: AnswerHead, asksUsage: boolean, stamp: () => string) {
    this.#start = `"id":"chatcmpl-${plan.id}","object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},"choices":[`;
    this.#asksUsage = asksUsage;
    this.#end = asksUsage ? '],"usage":null}\n\n' : ']}\n\n';
    this.#stamp = stamp;
  }

  role(): string {
    return this.#choice('{"role":"assistant","content":""}');
  }

  token(text: string, field: 'content' | 'reasoning_content'): string {
    return this.#choice(`{"${field}":${JSON.stringify(text)}}`);
  }

  /**
   * The reason of the end, then the token counts if they were asked for, then the end mark; each is rendered when it is sent, so
   * that its stamp is of that moment.
   */
  end(isCut: boolean, usage: object): readonly (() => string)[] {
    const reason = () => this.#choice('{}', isCut ? '"length"' : '"stop"');
    const counts = () => `data: {${this.#stamp()}${this.#start}],"usage":${JSON.stringify(usage)}}\n\n`;
    return [reason, ...(this.#asksUsage ? [counts] : []), () => DONE];
  }

  #choice(delta: string, reason = 'null'): string {
    return `data: {${this.#stamp()}${this.#start}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${reason}}${this.#end}`;
  }
}

/** The answer to a request without `stream`. */
export function wholeAnswer({ plan, model, created }: AnswerHead, usage: object): object {
  const reasoning = plan.text(0, plan.reasoningTokens);
  const content = plan.text(plan.reasoningTokens, plan.tokens - plan.reasoningTokens);
  const message = {
    role: 'assistant',
    content,
    refusal: null,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
  };
  return {
    id: `chatcmpl-${plan.id}`,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: plan.isCut ? 'length' : 'stop' }],
    usage,
  };
}
