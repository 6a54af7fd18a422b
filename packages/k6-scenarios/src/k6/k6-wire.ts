import type { Operation, RequestSpec } from '@jarvis-load/engine';
import {
  checkHeadersObject,
  checkOneBody,
  checkRareParts,
  checkSpecNames,
  checkTimeout,
  encodeJson,
  encodePairs,
  headersAfter,
  mergeHeaders,
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
 * @throws TypeError for a request that the native engine refuses, and for a body that only it can send (`URLSearchParams`,
 * `FormData`, `Blob`: k6 has none of them)
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

/** Address and headers of the handshake of a WebSocket; of the request no body is sent. @throws TypeError */
export function socketOf(
  spec: RequestSpec,
  operation: Operation,
  addresses: readonly K6Address[],
): { readonly url: string; readonly headers: Record<string, string> } {
  const path = sentPath(spec, operation);
  const { origin, pathPrefix, headers } = addressOfRequest(spec, operation, addresses);
  return { url: origin.replace(/^http/, 'ws') + pathPrefix + path, headers: sentHeaders(spec, headers) };
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
function sentPath(spec: RequestSpec, operation: Operation): string {
  return named(spec, () => {
    checkSpecNames(spec);
    checkTimeout(spec);
    checkRareParts(spec);
    checkOneBody(spec);
    checkHeadersObject(spec.headers);
    return wirePath(pathOf(spec, operation.route));
  });
}

/** Headers of a request and of the run, as they are sent. @throws TypeError */
function sentHeaders(spec: RequestSpec, common: Readonly<Record<string, string>>): Record<string, string> {
  return named(spec, () => mergeHeaders(common, spec.headers));
}

/** Runs a part of the rules of requests; what it refuses becomes an error that names the request. @throws TypeError */
function named<T>(spec: RequestSpec, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RequestProblem)) throw error;
    throw new TypeError(`a request of "${spec.operation}" ${error.message}.`, { cause: error });
  }
}

function encode(
  spec: RequestSpec,
  common: Readonly<Record<string, string>>,
): { readonly body: string | ArrayBuffer | null; readonly headers: Record<string, string> } {
  const headers = sentHeaders(spec, common);
  const { json, form, multipart, body = null } = spec;
  if (json !== undefined)
    return { headers: withType(headers, 'application/json'), body: named(spec, () => encodeJson(json)) };
  if (form !== undefined)
    return {
      headers: withType(headers, 'application/x-www-form-urlencoded'),
      body: named(spec, () => encodePairs(form, 'form')),
    };
  if (multipart !== undefined) {
    const boundary = `jarvis-load-${Math.random().toString(16).slice(2)}${Math.random().toString(16).slice(2)}`;
    return {
      headers: withType(headers, `multipart/form-data; boundary=${boundary}`),
      body: named(spec, () => bufferOf(encodeMultipart(multipart, boundary))),
    };
  }
  if (body === null || typeof body === 'string') return { headers, body };
  if (body instanceof Uint8Array) return { headers, body: bufferOf(body) };
  throw new TypeError(
    `a request of "${spec.operation}" has a body that k6 cannot send; expected text or bytes.`,
  );
}

/** The request's own content type stays, as in the native engine. */
function withType(headers: Record<string, string>, type: string): Record<string, string> {
  const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return isGiven ? headers : { ...headers, 'content-type': type };
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}
