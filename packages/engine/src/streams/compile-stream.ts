import { parseDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { CompiledStream } from '../model/compiled-run.ts';
import type { StreamOperation } from '../model/stream.ts';
import { decodeAnything } from './decode.ts';
import { parseGood } from './good-stream.ts';

const IDLE_TIMEOUT = '10s';

/**
 * Fills in the defaults; undefined for an operation whose responses are not streamed.
 * @param where the operation, for errors
 * @throws EngineError `invalid-scenario`
 */
export function compileStream(operation: StreamOperation, where: string): CompiledStream | undefined {
  const { stream: format, endsWith, idleTimeout = IDLE_TIMEOUT, good } = operation;
  if (format === undefined) {
    const name = (['decode', 'endsWith', 'idleTimeout', 'good'] as const).find(
      (each) => operation[each] !== undefined,
    );
    if (name === undefined) return undefined;
    throw new EngineError(
      'invalid-scenario',
      `${where} has ${name} but no stream; expected stream: 'sse', 'ndjson' or 'chunked' beside it.`,
    );
  }
  return {
    format,
    decode: operation.decode === undefined ? decodeAnything : (event) => operation.decode!(event),
    endsWith: endsWith ?? (format === 'sse' ? 'done' : 'close'),
    idleTimeoutMs: parseDuration(idleTimeout, 'idleTimeout'),
    good: good === undefined ? undefined : parseGood(good, where),
  };
}
