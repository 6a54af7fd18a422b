import { createHash } from 'node:crypto';
import { failuresIn, OUTCOMES } from '@jarvis-load/engine/outcome';
import type { ClassCounts } from '../protocol/master-message.ts';
import type { Packable } from '../protocol/write-message.ts';
import type { ReportedSecond } from './second.ts';
import { StatsEntry } from './stats-entry.ts';

interface ErrorGroup {
  readonly name: string;
  readonly method: string;
  readonly text: string;
  count: number;
  firstWallMs: number;
  lastWallMs: number;
}

/**
 * Statistics and failures since the last report, in Locust's format: exact deltas, which the master adds up. So each `take` is
 * sent once: it empties the report, and what is not sent is missing in the master's numbers.
 */
export class StatsReport {
  #entries = new Map<string, StatsEntry>();
  #total = new StatsEntry('Aggregated', '');
  #errors = new Map<string, ErrorGroup>();

  /** Forgets what has not been reported. */
  reset(): void {
    this.#entries = new Map();
    this.#total = new StatsEntry('Aggregated', '');
    this.#errors = new Map();
  }

  add(second: ReportedSecond): void {
    const { startWallMs, endWallMs } = second;
    let all = 0;
    let failed = 0;
    let bytes = 0;
    for (const { name, method, outcomes, bytesReceived, response } of second.operations) {
      const requests = OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
      const failures = failuresIn(outcomes);
      const key = `${method} ${name}`;
      let entry = this.#entries.get(key);
      if (entry === undefined) this.#entries.set(key, (entry = new StatsEntry(name, method)));
      // Locust does not count interrupted requests: without another request their bytes are left out.
      const received = requests === 0 ? 0 : bytesReceived;
      entry.add({ requests, failures, bytes: received, times: response, startWallMs, endWallMs });
      all += requests;
      failed += failures;
      bytes += received;
    }
    const times = second.operations.flatMap(({ response }) => response);
    this.#total.add({ requests: all, failures: failed, bytes, times, startWallMs, endWallMs });
    for (const error of second.errors) this.#addError(error);
    if (second.errorsNotKept > 0)
      this.#addError({
        name: '(other)',
        method: '',
        text: 'Failed requests of other groups, not listed separately',
        count: second.errorsNotKept,
        firstWallMs: startWallMs,
        lastWallMs: endWallMs,
      });
  }

  /**
   * What came since the last call; begins anew.
   * @param users of each class, now
   * @param nowWallMs milliseconds since the epoch
   */
  take(users: ClassCounts, nowWallMs: number): Packable {
    const entries = [...this.#entries.values()].filter(({ isEmpty }) => !isEmpty);
    const report = {
      stats: entries.map((entry) => entry.report(nowWallMs / 1000)),
      stats_total: this.#total.report(nowWallMs / 1000),
      errors: Object.fromEntries(
        [...this.#errors].map(([key, { name, method, text, count, firstWallMs, lastWallMs }]) => [
          key,
          {
            name,
            method,
            error: text,
            occurrences: count,
            first_seen: firstWallMs / 1000,
            last_seen: lastWallMs / 1000,
          },
        ]),
      ),
      user_classes_count: { ...users },
      user_count: Object.values(users).reduce((sum, count) => sum + count, 0),
    };
    this.reset();
    return report;
  }

  #addError(error: ErrorGroup): void {
    // As Locust makes it: the same on every worker for the same error.
    const key = createHash('sha256').update(`${error.method}.${error.name}.${error.text}`).digest('hex');
    const group = this.#errors.get(key);
    if (group === undefined) {
      this.#errors.set(key, { ...error });
      return;
    }
    group.count += error.count;
    group.firstWallMs = Math.min(group.firstWallMs, error.firstWallMs);
    group.lastWallMs = Math.max(group.lastWallMs, error.lastWallMs);
  }
}
