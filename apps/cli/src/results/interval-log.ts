import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Output, RunSnapshot } from '@jarvis-load/engine';
import { formatLogHeader, formatLogLine } from '@jarvis-load/engine/recorder';

/** Name of the interval log in the folder of a run. */
export const LOG_NAME = 'response-times.hlog';

/**
 * Writes an HdrHistogram interval log during the run: every second, one line per operation with the response times
 * completed in it, at full resolution, readable by public log tools. It writes in the main thread, which makes the load unless there
 * are several threads.
 */
export class IntervalLog implements Output {
  readonly name = 'interval log';
  readonly path: string;
  #begun = false;
  #isWhole = true;

  /** @param runDirectory the folder of the run; created here */
  constructor(runDirectory: string) {
    this.path = join(runDirectory, LOG_NAME);
    mkdirSync(runDirectory, { recursive: true });
  }

  /** Whether no second is missing. False after an error, such as a full disk; nothing is written then, and the run goes on. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** @throws the error that ends the log: it becomes a note of the document */
  interval({ summary }: Pick<RunSnapshot, 'summary'>): void {
    if (!this.#isWhole) return;
    const { startMs, endMs, operations } = summary;
    const head = this.#begun ? '' : formatLogHeader(Date.now() - endMs);
    this.#begun = true;
    const lines = operations.map(({ scenario, operation, responseTime }) =>
      formatLogLine({ tag: `${scenario}/${operation}`, startMs, endMs, histogram: responseTime }),
    );
    try {
      appendFileSync(this.path, head + lines.join(''));
    } catch (cause) {
      this.#isWhole = false;
      throw new Error(`${LOG_NAME} ends early`, { cause });
    }
  }
}
