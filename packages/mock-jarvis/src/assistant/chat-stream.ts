import type { FastifyReply } from 'fastify';
import type { FaultKind } from '../config/schema.ts';
import { BodyStream } from '../server/body-stream.ts';
import type { Exchange } from '../server/exchange.ts';
import type { Runtime } from '../server/runtime.ts';
import type { AnswerPlan } from '../llm/answer-plan.ts';
import type { DecodeSteps } from '../llm/decode.ts';
import { faultySteps } from '../llm/faulty-steps.ts';
import { type ChatEvents, COMMENT } from './chat-events.ts';
import { IN_BAND_ERROR } from './errors.ts';

const EVENT_STREAM = 'text/event-stream; charset=utf-8';

/**
 * One chat completion with `stream: true`.
 *
 * Must hold: the caller calls `open` once, then runs `steps()`, and stops the generation when the connection closes. A fault that
 * ends the answer early stops it here.
 */
export class ChatStream {
  readonly #runtime: Runtime;
  readonly #body: BodyStream;
  readonly #plan: AnswerPlan;
  readonly #events: ChatEvents;
  readonly #usage: object;
  readonly #fault: FaultKind | undefined;
  readonly #isSplit: boolean;
  readonly #stop: () => void;
  #isRoleSent = false;

  /** @param stop ends the generation, for faults that end the answer early */
  constructor(
    runtime: Runtime,
    exchange: Exchange,
    reply: FastifyReply,
    answer: { readonly plan: AnswerPlan; readonly events: ChatEvents; readonly usage: object },
    fault: FaultKind | undefined,
    stop: () => void,
  ) {
    this.#runtime = runtime;
    this.#body = new BodyStream(runtime, exchange, reply);
    this.#plan = answer.plan;
    this.#events = answer.events;
    this.#usage = answer.usage;
    this.#fault = fault;
    this.#isSplit = runtime.config.llm.splitCharacters;
    this.#stop = stop;
  }

  /** Sends what the settings want before the first token: head, role event, comments. */
  open(): void {
    const { head, roleEvent, keepAliveMs } = this.#runtime.config.llm;
    if (head === 'at-once') this.#body.open(EVENT_STREAM);
    if (roleEvent === 'at-once') this.#role();
    if (keepAliveMs !== null) this.#comment(this.#runtime.clock.elapsedMs() + keepAliveMs, keepAliveMs);
  }

  /** The steps of the answer; each sends one event. */
  steps(): DecodeSteps {
    const { tokensPerEvent } = this.#runtime.config.llm;
    const plan = this.#plan;
    const { reasoningTokens } = plan;
    // Reasoning and content never share an event.
    const reasoningSteps = Math.ceil(reasoningTokens / tokensPerEvent);
    const contentSteps = Math.ceil((plan.tokens - reasoningTokens) / tokensPerEvent);
    const steps: DecodeSteps = {
      count: reasoningSteps + contentSteps,
      gapMs: (index) => plan.gapMs(index),
      step: (index) => {
        this.#body.open(EVENT_STREAM);
        if (index === 0) this.#role();
        const isReasoning = index < reasoningSteps;
        const from = isReasoning
          ? index * tokensPerEvent
          : reasoningTokens + (index - reasoningSteps) * tokensPerEvent;
        const tokens = Math.min(tokensPerEvent, (isReasoning ? reasoningTokens : plan.tokens) - from);
        const text = plan.text(from, tokens);
        const field = isReasoning ? 'reasoning_content' : 'content';
        this.#body.write(() => this.#events.token(text, field), tokens, this.#isSplit);
      },
      end: () => this.#end(),
    };
    return faultySteps(this.#runtime.config.faults, this.#fault, steps, () => this.#endEarly());
  }

  #role(): void {
    if (this.#isRoleSent || this.#runtime.config.llm.roleEvent === 'none') return;
    this.#isRoleSent = true;
    this.#body.open(EVENT_STREAM);
    this.#body.write(() => this.#events.role());
  }

  #end(): void {
    this.#body.open(EVENT_STREAM);
    this.#role();
    for (const render of this.#events.end(this.#plan.isCut, this.#usage)) this.#body.write(render);
    this.#body.end(this.#fault === 'empty' ? 'empty' : undefined);
  }

  #endEarly(): void {
    this.#stop();
    this.#body.open(EVENT_STREAM);
    if (this.#fault === 'truncated') this.#body.breakOff('truncated');
    else if (this.#fault === 'cut') this.#body.end('cut');
    else {
      this.#body.write(() => `data: ${JSON.stringify(IN_BAND_ERROR)}\n\n`);
      this.#body.end('in_band_error');
    }
  }

  #comment(atMs: number, everyMs: number): void {
    this.#runtime.clock.at(atMs, () => {
      if (this.#body.isOver) return;
      this.#body.open(EVENT_STREAM);
      this.#body.write(() => COMMENT);
      this.#comment(atMs + everyMs, everyMs);
    });
  }
}
