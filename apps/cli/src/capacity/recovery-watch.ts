import type { Client } from '@jarvis-load/engine';
import type { TargetSettings } from '../options/load-settings.ts';
import type { CliSuite } from '../suites/suites.ts';
import { openProbe, probeOperationsOf } from '../target/detect.ts';
import type { OpenTarget } from '../target/open-target.ts';

const POLL_MS = 500;
const LONGEST_MS = 30_000;
const FIRST_ASKS = 3;
/** Answers are as before up to this factor ... */
const FACTOR = 3;
/** ... or this much above the time before, in milliseconds. */
const LEAST_MS = 100;

/** Waits so many milliseconds; rejects with `Interrupted` when a signal arrives. */
export type Wait = (ms: number) => Promise<void>;

/**
 * Watches whether the target answers a light request as before the search: the first GET without parameters that the
 * probe of the suite may send.
 *
 * Must hold:
 * - The caller awaits `begin` before the first run, calls `recovered` only between runs, and calls `close` on every path.
 * - Without such a GET, or if no request of `begin` was answered, nothing is watched: `recovered` is always true.
 * - Its requests are in no document.
 */
export class RecoveryWatch {
  readonly #client: Client | undefined;
  readonly #spec: { readonly operation: string; readonly path: string } | undefined;
  readonly #wait: Wait;
  #before = Number.POSITIVE_INFINITY;

  constructor(suite: CliSuite, target: OpenTarget, settings: TargetSettings, runId: string, wait: Wait) {
    const operation = probeOperationsOf(suite).find(
      ({ method, route }) => method === 'GET' && !/[:{*]/.test(route),
    );
    this.#wait = wait;
    if (operation === undefined) return;
    this.#spec = { operation: operation.name, path: operation.route };
    this.#client = openProbe(suite, target, settings, runId);
  }

  /** Measures the target before the search. */
  async begin(): Promise<void> {
    for (let ask = 0; ask < FIRST_ASKS && this.#client !== undefined; ask++) {
      this.#before = Math.min(this.#before, (await this.#ask()) ?? Number.POSITIVE_INFINITY);
    }
  }

  /** Waits until it answers as before; false after 30 s of pauses between requests. The time of the requests comes on top. */
  async recovered(): Promise<boolean> {
    if (this.#client === undefined || !Number.isFinite(this.#before)) return true;
    for (let waitedMs = 0; waitedMs < LONGEST_MS; waitedMs += POLL_MS) {
      const ms = await this.#ask();
      if (ms !== undefined && ms <= Math.max(FACTOR * this.#before, this.#before + LEAST_MS)) return true;
      await this.#wait(POLL_MS);
    }
    return false;
  }

  close(): Promise<void> {
    return this.#client?.close() ?? Promise.resolve();
  }

  /** Time of an answer in milliseconds; undefined for a failure. Any HTTP status below 500 is an answer. */
  async #ask(): Promise<number | undefined> {
    const response = await this.#client!.request(this.#spec!);
    return response.status > 0 && response.status < 500 ? response.timings.responseTimeMs : undefined;
  }
}
