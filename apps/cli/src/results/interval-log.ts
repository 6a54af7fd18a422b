import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Output, RunSnapshot } from '@jarvis-load/engine';
import { formatLogHeader, formatLogLine } from '@jarvis-load/engine/recorder';

/** Name of the interval log in the folder of a run. */
export const LOG_NAME = 'response-times.hlog';

/**
 * Writes an HdrHistogram interval log during the run: every second, one line per operation with the response times
 * completed in it, at full resolution, readable by public log tools. It writes in the thread that makes the load.
 */
export class IntervalLog implements Output {
  readonly name = 'interval log';
  readonly path: string;
  /** Error after which no more is written, such as a full disk; the run goes on. It is not thrown: the caller looks here. */
  failure: unknown;
  #begun = false;

  /** @param runDirectory the folder of the run; created here */
  constructor(runDirectory: string) {
    this.path = join(runDirectory, LOG_NAME);
    mkdirSync(runDirectory, { recursive: true });
  }

  interval({ summary }: Pick<RunSnapshot, 'summary'>): void {
    if (this.failure !== undefined) return;
    const { startMs, endMs, operations } = summary;
    const head = this.#begun ? '' : formatLogHeader(Date.now() - endMs);
    this.#begun = true;
    const lines = operations.map(({ scenario, operation, responseTime }) =>
      formatLogLine({ tag: `${scenario}/${operation}`, startMs, endMs, histogram: responseTime }),
    );
    try {
      appendFileSync(this.path, head + lines.join(''));
    } catch (cause) {
      this.failure = cause;
    }
  }
}
