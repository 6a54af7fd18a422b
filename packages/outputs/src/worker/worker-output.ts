import { Worker } from 'node:worker_threads';
import type { Output, RunSnapshot } from '@jarvis-load/engine';
import type { Second } from '../exporter.ts';
import type { OutputContext } from '../output-context.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';

/** Tolerance: an interval that ends this much before the output's interval is due still evaluates thresholds. */
const EARLY_MS = 100;

interface Pending {
  readonly resolve: (serves: boolean) => void;
  readonly reject: (error: Error) => void;
}

/**
 * An output of the engine that runs in a worker thread of its own. The thread of the load only redacts and clones one snapshot
 * per interval. If the thread ends, the next `interval` or `stop` throws, and the engine makes it a note of the result.
 *
 * Must hold:
 * - Every text of targets and of scenario code passes `redactor` here, before the thread of any output gets it.
 * - The engine keeps the process alive while it waits for `start`, by the timer of its limit: a thread that hangs there does not.
 * - `start` and `stop` each wait for one reply, and the engine calls `stop` only once `start` has settled: a second wait would
 *   replace the first, which would never settle.
 * - `stop` keeps the process alive until the exporter has stopped, also after the engine has given up waiting: what it does
 *   then must end by itself, as `Delivery.finish` does.
 */
export class WorkerOutput implements Output {
  readonly name: string;
  readonly required: boolean;
  readonly #start: WorkerStart;
  readonly #intervalMs: number;
  readonly #say: OutputContext['tell'];
  readonly #redactor: OutputContext['redactor'];
  readonly #onHurry: OutputContext['onHurry'];
  readonly #pages: OutputContext['pages'];
  #worker: Worker | undefined;
  #pending: Pending | undefined;
  #death: Error | undefined;
  #nextJudgementMs: number;

  /** @param spec as written, checked by `parseOutput` */
  constructor(spec: string, { tell, redactor, onHurry, pages, ...context }: OutputContext) {
    this.name = context.name;
    this.required = context.required;
    this.#start = { spec, context };
    this.#intervalMs = context.intervalMs;
    this.#nextJudgementMs = context.intervalMs;
    this.#say = tell;
    this.#redactor = redactor;
    this.#onHurry = onHurry;
    this.#pages = pages;
  }

  readonly start: NonNullable<Output['start']> = async (run) => {
    if (this.#pages !== undefined) await this.#pages.end(this.#start.spec);
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: this.#start });
    // Neither a start that hangs nor a run that ends without `stop` may keep the process alive.
    worker.unref();
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#die(error));
    worker.on('exit', () => this.#die(new Error('its thread has ended')));
    try {
      await this.#ask({ kind: 'start', run: this.#redactor.head(run) });
    } catch (error) {
      // The engine does not call an output again that could not be started.
      await worker.terminate();
      throw error;
    }
  };

  readonly event: NonNullable<Output['event']> = (event) => {
    const clean = event.type === 'notice' ? { ...event, text: this.#redactor.text(event.text) } : event;
    this.#tell({ kind: 'event', event: clean });
  };

  readonly interval: NonNullable<Output['interval']> = (snapshot) => {
    if (this.#death !== undefined) throw this.#death;
    this.#tell({ kind: 'second', second: this.#second(snapshot) });
  };

  readonly stop: NonNullable<Output['stop']> = async (result) => {
    const worker = this.#worker;
    if (worker === undefined) return;
    if (this.#death !== undefined) throw this.#death;
    worker.ref();
    const off = this.#onHurry(() => this.#tell({ kind: 'hurry' }));
    let serves = false;
    try {
      serves = await this.#ask({
        kind: 'stop',
        result: result === undefined ? undefined : this.#redactor.result(result),
      });
    } finally {
      off();
      if (serves && this.#pages !== undefined) this.#pages.keep(this.#start.spec, worker);
      else await worker.terminate();
    }
  };

  /** Properties of a snapshot are computed when read: thresholds and objectives only once per interval. */
  #second(snapshot: RunSnapshot): Second {
    const { index, startMs, endMs, startWallMs, last, phase, paused, health, machine } = snapshot;
    const delta = this.#redactor.delta(snapshot.delta);
    const judge = last || endMs >= this.#nextJudgementMs - EARLY_MS;
    if (judge)
      this.#nextJudgementMs = (Math.floor((endMs + EARLY_MS) / this.#intervalMs) + 1) * this.#intervalMs;
    const judged = judge ? { thresholds: snapshot.thresholds, objectives: snapshot.objectives } : undefined;
    return { index, startMs, endMs, startWallMs, last, phase, paused, delta, health, machine, judged };
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  /** @returns whether the thread is needed after the reply */
  #ask(message: ToWorker): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#tell(message);
    });
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'tell') return this.#say(message.level, message.text);
    const pending = this.#pending;
    this.#pending = undefined;
    if (message.problem === undefined) pending?.resolve(message.serves === true);
    else pending?.reject(new Error(message.problem));
  }

  #die(error: Error): void {
    this.#death ??= error;
    this.#pending?.reject(error);
    this.#pending = undefined;
  }
}
