import type { CapacityPool, Ticket } from '../capacity/pool.ts';
import type { MockOperation } from '../operations.ts';
import type { Runtime } from '../server/runtime.ts';
import { Decode, type DecodeSteps } from './decode.ts';

/** One request to the language model. */
export interface GenerationJob {
  readonly operation: MockOperation;
  /** Reading of the prompt; infinite for a request that never gets an answer. */
  readonly prefillMs: number;
  readonly steps: DecodeSteps;
}

/**
 * The way of a request through the model: it waits for a slot (`capacity`), which it holds to its last token; waits
 * for its turn to be read (`llm.prefills`); its first token comes at the end of the prefill. With c slots, a constant
 * prefill and constant gaps this is a G/D/c queue.
 */
export class Generation {
  readonly #runtime: Runtime;
  readonly #job: GenerationJob;
  readonly #slots: CapacityPool;
  #slot: Ticket | undefined;
  #prefill: Ticket | undefined;
  #decode: Decode | undefined;

  constructor(runtime: Runtime, job: GenerationJob) {
    this.#runtime = runtime;
    this.#job = job;
    this.#slots = runtime.pool(job.operation);
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
    if (this.#prefill !== undefined) this.#runtime.prefills.cancel(this.#prefill);
    this.#decode?.stop();
    if (this.#slot !== undefined) this.#slots.cancel(this.#slot);
  }

  #read(startMs: number): void {
    const { prefillMs } = this.#job;
    const { prefills, config } = this.#runtime;
    if (prefillMs === 0 && config.llm.prefills === null) {
      this.#generate(startMs);
      return;
    }
    const done = (endMs: number): void => this.#generate(endMs);
    this.#prefill = prefills.submit({ serviceMs: prefillMs, done }, startMs);
  }

  #generate(firstMs: number): void {
    const { steps } = this.#job;
    const { clock, batch, config } = this.#runtime;
    this.#decode = new Decode(clock, batch, config.llm.gapGrowth, firstMs, {
      ...steps,
      end: (endMs) => {
        if (this.#slot !== undefined) this.#slots.release(this.#slot, endMs);
        steps.end(endMs);
      },
    });
    this.#decode.start();
  }
}
