import type { ReceiveOptions, SendOptions } from '../../model/channel.ts';
import type { StreamPart } from '../../model/stream.ts';
import { isPromise } from '../is-promise.ts';

const SEND: Readonly<Record<keyof SendOptions, true>> = { more: true };
const RECEIVE: Readonly<Record<keyof ReceiveOptions, true>> = { until: true, timeout: true };

/** Names of the options of `send` and `receive`; a type error above when one is missing. */
export const SEND_OPTIONS: readonly string[] = Object.keys(SEND);
export const RECEIVE_OPTIONS: readonly string[] = Object.keys(RECEIVE);

/** The `until` of one `receive`. Plain code: the channel of k6 uses it, too. */
export class Until {
  /** Set where it is asynchronous; continues "the scenario ...". The caller throws it when the turn has ended. */
  problem: string | undefined;
  readonly #until: (part: StreamPart) => unknown;

  constructor(until: unknown) {
    this.#until = until as (part: StreamPart) => unknown;
    if (typeof until !== 'function')
      this.problem = 'receives until what is no function; expected until: (part) => part.kind === ...';
  }

  /** Whether a part completes the turn; a mistake does, so that it is told at once. */
  readonly completes = (part: StreamPart): boolean => {
    if (this.problem !== undefined) return true;
    const said = this.#until(part);
    if (!isPromise(said)) return Boolean(said);
    said.then(undefined, () => undefined);
    this.problem =
      'receives until an asynchronous function says so; expected true or false at once: a promise is always true';
    return true;
  };
}
