import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AnswerPlan } from '../llm/answer-plan.ts';
import type { DecodeSteps } from '../llm/decode.ts';
import { Generation } from '../llm/generation.ts';
import { REPLACES_STREAM } from '../llm/faulty-steps.ts';
import { json } from '../server/answer.ts';
import { send, sendFaulty } from '../server/deliver.ts';
import type { Runtime } from '../server/runtime.ts';
import { refuse } from '../server/serve.ts';
import { ChatEvents, usageOf, wholeAnswer } from './chat-events.ts';
import { ChatStream } from './chat-stream.ts';
import { IN_BAND_ERROR, invalidRequest, serverError } from './errors.ts';
import { type ChatRequest, promptTokens, readChatRequest } from './read-chat-request.ts';

/** This machine's monotonic clock in milliseconds, which a client on it can compare with its own. */
const stamp = (): string => `"sent_ms":${(Number(process.hrtime.bigint()) / 1e6).toFixed(3)},`;
const noStamp = (): string => '';

/**
 * Answers one valid request; a refused one draws no plan. The generation ends with its last step, its fault, or the close of the
 * connection, without which it would keep its slot.
 */
function complete(runtime: Runtime, request: FastifyRequest, reply: FastifyReply, chat: ChatRequest): void {
  const { exchange } = request;
  const { config, clock } = runtime;
  const { ordinal, serviceMs, fault } = runtime.plan('openai.chat', exchange.phase);
  if (fault === 'hang') exchange.decide('hang');
  const plan = new AnswerPlan(config, ordinal, chat.max_completion_tokens ?? chat.max_tokens ?? undefined);
  const prompt = promptTokens(chat);
  const usage =
    fault === 'empty' ? usageOf(prompt, 0, 0) : usageOf(prompt, plan.reasoningTokens, plan.tokens);
  const answer = { plan, model: chat.model, created: Math.floor(clock.nowMs() / 1000) };
  let generation: Generation | undefined;
  const stop = (): void => generation?.stop();
  const begin = (steps: DecodeSteps): void => {
    const prefillMs = serviceMs + prompt * config.llm.prefillMsPerToken;
    generation = new Generation(runtime, 'openai.chat', prefillMs, steps);
    reply.raw.once('close', stop);
    generation.start();
  };

  if (chat.stream === true && !REPLACES_STREAM.has(fault)) {
    const events = new ChatEvents(
      answer,
      chat.stream_options?.include_usage === true,
      config.llm.stamps ? stamp : noStamp,
    );
    const stream = new ChatStream(runtime, exchange, reply, { plan, events, usage }, fault, stop);
    const start = (): void => {
      if (exchange.isOver) return;
      stream.open();
      begin(stream.steps());
    };
    if (fault === 'slow_first_byte') {
      clock.at(clock.elapsedMs() + config.faults.slow_first_byte.delayMs, start);
    } else start();
    return;
  }

  const steps = Math.ceil(plan.tokens / config.llm.tokensPerEvent);
  begin({
    // A fault that replaces a stream comes when its first byte would have come.
    count: chat.stream === true ? 0 : steps,
    gapMs: (index) => plan.gapMs(index),
    step: () => undefined,
    end: () =>
      runtime.gate.pass(() => {
        if (exchange.isOver) return;
        const whole = () => json(wholeAnswer(answer, usage));
        if (fault === undefined) send(reply, whole());
        else {
          const make = fault === 'server_error' ? () => serverError(runtime) : whole;
          sendFaulty(runtime, exchange, reply, fault, make, () => json(IN_BAND_ERROR));
        }
      }),
  });
}

/** `POST /v1/chat/completions`, with and without `stream`. */
export function addChatCompletions(app: FastifyInstance, runtime: Runtime): void {
  const url = '/v1/chat/completions';
  app.post(
    url,
    { schema: { hide: true }, config: { operation: 'openai.chat', endpoint: url } },
    (request, reply) => {
      const chat = readChatRequest(request.body);
      if ('param' in chat) refuse(runtime, request, reply, invalidRequest(chat.message, chat.param));
      else complete(runtime, request, reply, chat);
    },
  );
}
