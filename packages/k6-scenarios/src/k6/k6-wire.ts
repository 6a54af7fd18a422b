import type { Operation, RequestSpec } from '@jarvis-load/engine';
import {
  checkHeadersObject,
  checkRareParts,
  checkSpecNames,
  encodePairs,
  headersAfter,
  pathOf,
  RequestProblem,
  wirePath,
  type BaseAddress,
  type Hop,
} from '@jarvis-load/engine/user-rules';
import { encodeMultipart } from './encode-multipart.ts';

/** An address with the headers that every request to it carries. */
export interface K6Address extends BaseAddress {
  readonly headers: Readonly<Record<string, string>>;
}

/** A request as k6 is to send it. */
export interface K6Wire {
  readonly method: string;
  readonly origin: string;
  /** With the prefix of the address. */
  readonly path: string;
  readonly body: string | ArrayBuffer | null;
  readonly headers: Record<string, string>;
}

/**
 * A request in the form in which it is sent.
 * @param hop where a redirect of the request leads to
 * @throws TypeError for a request that the native engine would not send either
 */
export function wireOf(
  spec: RequestSpec,
  operation: Operation,
  addresses: readonly K6Address[],
  hop?: Hop,
): K6Wire {
  const path = sentPath(spec, operation);
  if (hop === undefined) {
    const to = addressOfRequest(spec, operation, addresses);
    const { origin, pathPrefix } = to;
    return { method: operation.method, origin, path: pathPrefix + path, ...encode(spec, to.headers) };
  }
  const keepsBody = hop.method === operation.method;
  const headers = headersAfter(spec.headers, { keepsBody, sameOrigin: hop.sameOrigin }) ?? {};
  const to = addresses.find(({ name }) => name === hop.base.name);
  const { json: _json, form: _form, multipart: _multipart, body: _body, ...bare } = spec;
  const sent = encode({ ...(keepsBody ? spec : bare), headers }, to?.headers ?? {});
  return { method: hop.method, origin: hop.base.origin, path: hop.path, ...sent };
}

function addressOfRequest(
  spec: RequestSpec,
  operation: Operation,
  addresses: readonly K6Address[],
): K6Address {
  const name = spec.base ?? operation.base;
  const found = addresses.find((each) => each.name === name);
  if (found !== undefined) return found;
  const known = addresses.flatMap((each) => each.name ?? []).join(', ') || 'none';
  throw new TypeError(
    `a request of "${spec.operation}" has base ${JSON.stringify(name)}; expected one of the scenario's bases: ${known}.`,
  );
}

/** The path as it is sent, without the prefix of the address. @throws TypeError */
export function sentPath(spec: RequestSpec, operation: Operation): string {
  try {
    checkSpecNames(spec);
    checkRareParts(spec);
    checkHeadersObject(spec.headers);
    return wirePath(pathOf(spec, operation.route));
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error;
    throw new TypeError(`a request of "${spec.operation}" ${error.message}.`, { cause: error });
  }
}

function encode(
  spec: RequestSpec,
  common: Readonly<Record<string, string>>,
): { readonly body: string | ArrayBuffer | null; readonly headers: Record<string, string> } {
  const headers = { ...common, ...spec.headers };
  if (spec.json !== undefined) {
    return {
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(spec.json),
    };
  }
  if (spec.form !== undefined) {
    return {
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: encodePairs(spec.form, 'form'),
    };
  }
  if (spec.multipart !== undefined) {
    const boundary = `jarvis-load-${Math.random().toString(16).slice(2)}${Math.random().toString(16).slice(2)}`;
    return {
      headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
      body: bufferOf(encodeMultipart(spec.multipart, boundary)),
    };
  }
  const { body = null } = spec;
  if (body === null || typeof body === 'string') return { headers, body };
  if (body instanceof Uint8Array) return { headers, body: bufferOf(body) };
  throw new TypeError(
    `a request of "${spec.operation}" has a body that k6 cannot send; expected text or bytes.`,
  );
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}
