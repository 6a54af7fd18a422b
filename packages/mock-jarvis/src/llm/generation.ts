import type { CapacityPool, Ticket } from '../capacity/pool.ts';
import type { Runtime } from '../server/runtime.ts';
import { Decode, type DecodeSteps } from './decode.ts';
import type { Model } from './model.ts';

/**
 * The way of a request through the model: it waits for a slot (`capacity`), which it holds to its last token; waits
 * for its turn to be read (`llm.prefills`); its first token comes at the end of the prefill. With c slots, no limit of prefills,
 * `gapGrowth` 0 and constant prefill, gaps and length this is a G/D/c queue.
 *
 * Must hold: the caller calls `stop` when the connection closes: a slot is given back only by `stop` or after the last step,
 * which a request with an infinite prefill never reaches.
 */
export class Generation {
  readonly #runtime: Runtime;
  readonly #prefillMs: number;
  readonly #steps: DecodeSteps;
  readonly #model: Model;
  readonly #slots: CapacityPool;
  #slot: Ticket | undefined;
  #prefill: Ticket | undefined;
  #decode: Decode | undefined;

  /** @param prefillMs reading of the prompt; infinite for a request that never gets an answer */
  constructor(
    runtime: Runtime,
    operation: 'openai.chat' | 'openai.speech',
    prefillMs: number,
    steps: DecodeSteps,
  ) {
    this.#runtime = runtime;
    this.#prefillMs = prefillMs;
    this.#steps = steps;
    this.#slots = runtime.pool(operation);
    this.#model = operation === 'openai.chat' ? runtime.language : runtime.voice;
  }

  /** Begins; without any service time all steps are called before it returns. */
  start(): void {
    this.#slot = this.#slots.submit({
      serviceMs: Number.POSITIVE_INFINITY,
      started: (startMs, ticket) => {
        this.#slot = ticket;
        this.#read(startMs);
      },
    });
  }

  /** Ends it at any stage: the client has left, or a fault ended the answer. */
  stop(): void {
    if (this.#prefill !== undefined) this.#model.prefills.cancel(this.#prefill);
    this.#decode?.stop();
    if (this.#slot !== undefined) this.#slots.cancel(this.#slot);
  }

  #read(startMs: number): void {
    const { prefills } = this.#model;
    if (this.#prefillMs === 0 && prefills.isUnlimited) {
      this.#generate(startMs);
      return;
    }
    const done = (endMs: number): void => this.#generate(endMs);
    this.#prefill = prefills.submit({ serviceMs: this.#prefillMs, done }, startMs);
  }

  #generate(firstMs: number): void {
    const steps = this.#steps;
    this.#decode = new Decode(this.#runtime.clock, this.#model, firstMs, {
      ...steps,
      end: (endMs) => {
        if (this.#slot !== undefined) this.#slots.release(this.#slot, endMs);
        steps.end(endMs);
      },
    });
    this.#decode.start();
  }
}
