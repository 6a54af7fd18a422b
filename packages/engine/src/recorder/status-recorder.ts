import type { Timings } from '../model/load-response.ts';
import type { OperationInterval } from '../model/thread-interval.ts';
import { OperationRecorder } from './operation-recorder.ts';
import type { StreamRules } from './stream-recorder.ts';

/**
 * Also records requests per status, for statuses that a threshold selects; not their streams and retries. A separate class, so
 * that runs without such a threshold pay nothing for it.
 */
export class StatusRecorder extends OperationRecorder {
  readonly #byStatus: ReadonlyMap<number, OperationRecorder>;

  constructor(index: number, statuses: readonly number[], streams: StreamRules) {
    super(index, streams);
    this.#byStatus = new Map(statuses.map((status) => [status, new OperationRecorder(index, streams)]));
  }

  override record(
    outcome: number,
    status: number,
    timings: Timings,
    lastPhase: number,
    bytesSent: number,
    bytesReceived: number,
  ): void {
    super.record(outcome, status, timings, lastPhase, bytesSent, bytesReceived);
    this.#byStatus.get(status)?.record(outcome, status, timings, lastPhase, bytesSent, bytesReceived);
  }

  override amend(from: number, to: number, status: number, timings: Timings): void {
    super.amend(from, to, status, timings);
    this.#byStatus.get(status)?.amend(from, to, status, timings);
  }

  override flush(): OperationInterval | undefined {
    const interval = super.flush();
    if (interval === undefined) return undefined;
    const byStatus = [...this.#byStatus].flatMap(([status, recorder]) => {
      const part = recorder.flush();
      return part === undefined ? [] : [[status, part] as const];
    });
    return { ...interval, byStatus };
  }
}
