import type { Client } from '@jarvis-load/engine';
import type { TargetSettings } from '../options/load-settings.ts';
import type { Interruption } from '../run/interruption.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import { openProbe, PROBE_REQUEST_MS, probeOperationsOf } from '../target/detect.ts';
import type { OpenTarget } from '../target/open-target.ts';

const POLL_MS = 500;
const LONGEST_MS = 30_000;
const FIRST_ASKS = 3;
/** Answers are as before up to this factor ... */
const FACTOR = 3;
/** ... or this much above the time before, in milliseconds. */
const LEAST_MS = 100;

/**
 * Watches whether the target answers a light request as before the search: the first GET without parameters that the
 * probe of the suite may send.
 *
 * Must hold:
 * - The caller awaits `begin` before the first run, calls `recovered` only between runs, and calls `close` on every path.
 * - Without such a GET, or if no request of `begin` was answered, nothing is watched: `recovered` is always true.
 * - Its requests are in no document.
 * - A signal ends a wait at once, also one for an answer.
 */
export class RecoveryWatch {
  readonly #client: Client | undefined;
  readonly #spec: { readonly operation: string; readonly path: string } | undefined;
  readonly #interruption: Pick<Interruption, 'race'>;
  readonly #requestMs: number;
  #before = Number.POSITIVE_INFINITY;

  constructor(
    suite: CliSuite,
    target: OpenTarget,
    settings: TargetSettings,
    runId: string,
    interruption: Pick<Interruption, 'race'>,
    open: (...args: Parameters<typeof openProbe>) => Client = openProbe,
  ) {
    const operation = probeOperationsOf(suite).find(
      ({ method, route }) => method === 'GET' && !/[:{*]/.test(route),
    );
    this.#interruption = interruption;
    this.#requestMs = settings.requestTimeout ?? PROBE_REQUEST_MS;
    if (operation === undefined) return;
    this.#spec = { operation: operation.name, path: operation.route };
    this.#client = open(suite, target, settings, runId);
  }

  /** Measures the target before the search. @throws Interrupted */
  async begin(): Promise<void> {
    for (let ask = 0; ask < FIRST_ASKS && this.#client !== undefined; ask++) {
      this.#before = Math.min(this.#before, (await this.#ask(LONGEST_MS)) ?? Number.POSITIVE_INFINITY);
    }
  }

  /** Waits until it answers as before; false after 30 s, its answers included. @throws Interrupted */
  async recovered(): Promise<boolean> {
    if (this.#client === undefined || !Number.isFinite(this.#before)) return true;
    const until = performance.now() + LONGEST_MS;
    for (let leftMs = LONGEST_MS; leftMs > 0; leftMs = until - performance.now()) {
      const ms = await this.#ask(leftMs);
      if (ms !== undefined && ms <= Math.max(FACTOR * this.#before, this.#before + LEAST_MS)) return true;
      await this.#interruption.race(new Promise((resolve) => setTimeout(resolve, POLL_MS)));
    }
    return false;
  }

  close(): Promise<void> {
    return this.#client?.close() ?? Promise.resolve();
  }

  /** Time of an answer in milliseconds; undefined for a failure. Any HTTP status below 500 is an answer. */
  async #ask(withinMs: number): Promise<number | undefined> {
    const timeoutMs = Math.max(1, Math.min(withinMs, this.#requestMs));
    const response = await this.#interruption.race(this.#client!.request({ ...this.#spec!, timeoutMs }));
    return response.status > 0 && response.status < 500 ? response.timings.responseTimeMs : undefined;
  }
}
