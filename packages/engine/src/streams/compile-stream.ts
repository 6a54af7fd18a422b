import { parseDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { CompiledStream } from '../model/compiled-run.ts';
import type { Operation } from '../model/scenario.ts';
import { decodeAnything } from './decode.ts';
import { parseGood } from './good-stream.ts';

const IDLE_TIMEOUT = '10s';

/**
 * Fills in the defaults; undefined for an operation whose responses are not streamed. Checks only what concerns several options:
 * `checkScenario` has checked each by itself.
 * @param where the operation, for errors
 * @throws EngineError `invalid-scenario`
 */
export function compileStream(operation: Operation, where: string): CompiledStream | undefined {
  const { method, stream: format, endsWith, idleTimeout = IDLE_TIMEOUT, good } = operation;
  if (format === undefined) {
    const name = (['decode', 'endsWith', 'idleTimeout', 'good'] as const).find(
      (each) => operation[each] !== undefined,
    );
    if (name === undefined) return undefined;
    throw new EngineError(
      'invalid-scenario',
      `${where} has ${name} but no stream; expected stream: 'sse', 'ndjson', 'chunked' or 'websocket' beside it.`,
    );
  }
  if (format === 'websocket' && method !== 'GET') {
    throw new EngineError(
      'invalid-scenario',
      `${where} has stream: 'websocket' and method ${method}; expected GET, the method of its handshake.`,
    );
  }
  return {
    format,
    decode: operation.decode === undefined ? decodeAnything : (event) => operation.decode!(event),
    endsWith: endsWith ?? (format === 'sse' || format === 'websocket' ? 'done' : 'close'),
    idleTimeoutMs: parseDuration(idleTimeout, 'idleTimeout'),
    good: good === undefined ? undefined : parseGood(good, where),
  };
}
