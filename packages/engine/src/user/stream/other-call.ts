import { EngineError } from '../../errors.ts';
import type { CompiledOperation } from '../../model/compiled-run.ts';

/** Rejects `user.request` of a streamed operation, and `user.stream` of another. */
export function otherCall({ scenario, operation: { name, stream } }: CompiledOperation): Promise<never> {
  const problem =
    stream === undefined
      ? `streams operation "${name}", which declares no stream; expected an operation such as { name: 'chat.stream', stream: 'sse', ... }, or user.request.`
      : stream === 'websocket'
        ? `requests operation "${name}", which is a WebSocket; expected user.open({ ... }), or for await (const part of user.stream({ ... })).`
        : `requests operation "${name}", whose response is streamed; expected for await (const part of user.stream({ ... })).`;
  return Promise.reject(new EngineError('invalid-request', `scenario "${scenario}" ${problem}`));
}
