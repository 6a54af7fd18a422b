import type { WireRequest } from '../model/flight.ts';
import type { Operation, RequestSpec } from '../model/scenario.ts';
import type { SentSecrets } from '../secrets/sent-secrets.ts';
import { checkToken, RequestProblem, wirePath } from '../transport/head.ts';
import {
  checkHeadersObject,
  checkRareParts,
  checkSpecNames,
  checkTimeout,
  EXPANDS,
  RARE,
} from './check-spec.ts';
import { bytesOf, encodeContent } from './encode-content.ts';
import { encodeJson, expandRequest } from './expand-request.ts';
import { headersAfter, type BaseAddress, type Hop } from './redirects.ts';
import type { RunHeaders } from './run-headers.ts';

/** The cookies of a user. */
export interface CookieSource {
  /** Value of the `cookie` header for a path; `undefined`: none. */
  header(address: BaseAddress, path: string): string | undefined;
}

/** An address with the headers that every request to it carries. */
export interface Destination extends BaseAddress {
  readonly headers: RunHeaders;
}

/**
 * A request in the form in which it is sent.
 *
 * Must hold:
 * - Every request, also a redirected one and the opening of a WebSocket, is built here: the transport escapes and checks nothing.
 * - `secrets` notes every request before it is sent: texts of the record are redacted by what the user has sent.
 *
 * @param hop where a redirect of the request leads to: its method and path replace those of `spec`
 * @throws RequestProblem
 */
export function buildWire(
  spec: RequestSpec,
  operation: Operation,
  to: Destination,
  secrets: SentSecrets,
  cookies: CookieSource | undefined,
  hop: Hop | undefined,
): WireRequest {
  const parts = checkSpecNames(spec);
  if ((parts & RARE) !== 0) checkRareParts(spec);
  checkTimeout(spec);
  let { path } = spec;
  let contentType: string | undefined;
  let body: WireRequest['body'] = null;
  if ((parts & EXPANDS) !== 0 || isObjectBody(spec.body)) {
    const expanded = expandRequest(spec, operation.route, encodeContent);
    path = expanded.path;
    body = expanded.body ?? null;
    contentType = expanded.contentType;
  }
  if (spec.json !== undefined) {
    if (spec.body !== undefined) throw new RequestProblem('has both json and body; expected one of them');
    body = encodeJson(spec.json);
    contentType = 'application/json';
  } else if (typeof spec.body === 'string' || spec.body instanceof Uint8Array) {
    body = spec.body;
  } else if (spec.body !== undefined && spec.body !== null && body === null) {
    throw new RequestProblem(
      `has a body of type ${typeof spec.body}; expected a string, bytes, or data as json`,
    );
  }
  checkHeadersObject(spec.headers);
  let method: string = operation.method;
  let { headers } = spec;
  if (hop !== undefined) {
    method = hop.method;
    const keepsBody = method === operation.method;
    headers = headersAfter(headers, { keepsBody, sameOrigin: hop.sameOrigin });
    if (!keepsBody) {
      body = null;
      contentType = undefined;
    }
  }
  checkToken('method', method);
  const sent = hop === undefined ? to.pathPrefix + wirePath(path as string) : wirePath(hop.path);
  if (cookies !== undefined) headers = withCookies(headers, cookies.header(to, sent));
  const { head, host, close } = to.headers.with(headers, contentType);
  secrets.note(headers, sent, body);
  return { method, path: sent, head, host, close, body, bodyBytes: bytesOf(body) };
}

/** Whether a body may be `URLSearchParams`, `FormData` or a `Blob`. */
function isObjectBody(body: RequestSpec['body']): boolean {
  return typeof body === 'object' && (body as unknown) !== null && !(body instanceof Uint8Array);
}

/** A request with its own `cookie` header is sent unchanged. */
function withCookies(headers: RequestSpec['headers'], cookie: string | undefined): RequestSpec['headers'] {
  if (cookie === undefined || Object.keys(headers ?? {}).some((name) => name.toLowerCase() === 'cookie')) {
    return headers;
  }
  return { ...headers, cookie };
}
