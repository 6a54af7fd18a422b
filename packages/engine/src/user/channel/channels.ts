import { EngineError } from '../../errors.ts';
import type { Channel } from '../../model/channel.ts';
import type { RequestSpec } from '../../model/scenario.ts';
import type { LoadResponse } from '../../model/load-response.ts';
import { show } from '../../show.ts';
import { unknownOperation } from '../misuse.ts';
import type { StreamReader } from '../stream/stream-reader.ts';
import type { UserHost } from '../user-host.ts';
import { NativeChannel } from './native-channel.ts';

/** Makes the request of a turn, checked as every other. */
type Launch = (spec: RequestSpec, reader: StreamReader) => Promise<LoadResponse>;

/**
 * The open channels of one user, which calls `closeOpened` at the end of each iteration and `abandon` when it leaves: channels
 * that `onStart` opened last until then. One whose request cannot be sent is forgotten at once.
 */
export class Channels {
  readonly #host: UserHost;
  readonly #launch: Launch;
  /** With whether each outlasts the iteration that opened it. */
  readonly #open = new Map<NativeChannel, boolean>();

  constructor(host: UserHost, launch: Launch) {
    this.#host = host;
    this.#launch = launch;
  }

  /** @param lasting whether it outlasts the iteration */
  open(spec: RequestSpec, lasting: boolean): Promise<Channel> {
    const { scenario, clock, onExchange } = this.#host;
    const operation = scenario.operations.get((spec as RequestSpec | undefined)?.operation ?? '');
    if (operation === undefined) return Promise.reject(unknownOperation(scenario, spec));
    const { stream } = operation;
    const problem = (text: string): EngineError =>
      new EngineError('invalid-request', `scenario "${scenario.name}" ${text}.`);
    if (stream?.format !== 'websocket') {
      const wrong = `opens operation "${spec.operation}", which is no WebSocket; expected an operation with stream: 'websocket'`;
      return Promise.reject(problem(wrong));
    }
    const body = (['json', 'form', 'multipart', 'body'] as const).find((name) => spec[name] !== undefined);
    if (body !== undefined) {
      const wrong = `opens operation "${spec.operation}" with ${body} ${show(spec[body])}; expected none: send the message on the channel`;
      return Promise.reject(problem(wrong));
    }
    const channel = new NativeChannel(
      {
        clock,
        keep: onExchange !== undefined,
        launch: (reader, message) =>
          this.#launch(message === undefined ? spec : { ...spec, body: message }, reader),
        problem,
        closed: (each) => this.#open.delete(each),
      },
      stream,
    );
    this.#open.set(channel, lasting);
    return channel.start();
  }

  /** Closes those that do not outlast the iteration. */
  closeOpened(): void {
    for (const [channel, lasting] of this.#open) if (!lasting) void channel.close();
  }

  /** Ends all at once. */
  abandon(): void {
    for (const channel of this.#open.keys()) channel.abandon();
    this.#open.clear();
  }
}
