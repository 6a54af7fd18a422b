import type { Timings } from '../scenario.ts';
import type { OperationInterval } from './interval-data.ts';
import { OperationRecorder } from './operation-recorder.ts';

/**
 * Keeps requests of certain statuses apart as well, because a threshold asks for them. A class of its own: runs without
 * such a threshold do not even look whether there is one.
 */
export class StatusRecorder extends OperationRecorder {
  readonly #byStatus: ReadonlyMap<number, OperationRecorder>;

  constructor(index: number, statuses: readonly number[]) {
    super(index);
    this.#byStatus = new Map(statuses.map((status) => [status, new OperationRecorder(index)]));
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
