import type { LoadResponse, RequestSpec } from '@jarvis-load/engine';
import type { Decoded, JarvisOperation, OperationTypes } from './dialect.ts';
import type { OperationName } from './operation-name.ts';
import type { Rule } from './rules.ts';

type Result<Name extends OperationName> = OperationTypes[Name]['result'];

interface OperationParts<Name extends OperationName> {
  readonly name: Name;
  readonly method: JarvisOperation['method'];
  readonly route: string;
  /** @default true */
  readonly protected?: boolean;
  /** @default false */
  readonly writes?: boolean;
  readonly maxPerSecond?: number;
  request(input: OperationTypes[Name]['input']): Omit<RequestSpec, 'operation' | 'path'> & { path?: string };
  interpret(response: LoadResponse): Decoded<Result<Name>>;
}

/**
 * Adds the parts common to all operations; `accepts` is derived from `interpret`, so the two always agree.
 *
 * Must hold:
 * - `interpret` never throws, and depends on the body alone: its result for the last response is kept, and returned again for it.
 * - For a route with `{id}`, `request` returns a `path` (`fillRoute`): without one the pattern itself is sent.
 */
export function defineOperation<Name extends OperationName>(
  parts: OperationParts<Name>,
): JarvisOperation<Name> {
  const { name, method, route } = parts;
  // Cache the last decoded response: the engine calls `accepts`, then the scenario calls `interpret` on the same response.
  let seen: LoadResponse | undefined;
  let seenResult: Decoded<Result<Name>> | undefined;
  const interpret = (response: LoadResponse): Decoded<Result<Name>> => {
    if (response !== seen || seenResult === undefined) {
      seenResult = parts.interpret(response);
      seen = response;
    }
    return seenResult;
  };
  return {
    name,
    method,
    route,
    protected: parts.protected ?? true,
    writes: parts.writes ?? false,
    ...(parts.maxPerSecond === undefined ? {} : { maxPerSecond: parts.maxPerSecond }),
    request: (input) => ({ operation: name, path: route, ...parts.request(input) }),
    interpret,
    accepts: (response) => {
      const decoded = interpret(response);
      return decoded.ok ? undefined : decoded.reason;
    },
  };
}

/** Makes a decoder of JSON bodies that match the rule. */
export function readJson<Body, Value>(
  rule: Rule,
  toValue: (body: Body) => Value,
): (response: LoadResponse) => Decoded<Value> {
  return (response) => {
    const body = response.json();
    if (body === undefined) return { ok: false, reason: 'the body is not JSON' };
    const reason = rule(body, 'body');
    if (reason !== undefined) return { ok: false, reason };
    return { ok: true, value: toValue(body as Body) };
  };
}

/** Inserts an id into a route pattern. */
export function fillRoute(route: string, id: string): string {
  return route.replace('{id}', encodeURIComponent(id));
}
