import type { RequestSpec } from '../model/scenario.ts';
import type { Fields, FieldValue, RequestOptions } from '../model/request-spec.ts';
import type { StreamedBody } from '../model/flight.ts';
import { reasonOf, show } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';

/** A body as it is sent, with the content type that it implies. */
export interface EncodedContent {
  readonly body: string | Uint8Array | StreamedBody;
  readonly contentType: string | undefined;
}

/** Encodes what plain code cannot: `multipart`, `FormData`, `URLSearchParams`, files. `undefined` for any other body. */
export type EncodeContent = (spec: RequestOptions) => EncodedContent | undefined;

/** A request with its path and body worked out. */
export interface ExpandedRequest extends Partial<EncodedContent> {
  readonly path: string;
}

const BODIES = ['json', 'form', 'multipart', 'body'] as const;

/**
 * Works out the path and body of a request that uses more than a path, `json` and a plain body. `json`, texts and bytes are not
 * encoded here, the caller sends them. Plain code: k6 uses the functions below too (`rules.ts`).
 * @param route of the operation
 * @throws RequestProblem
 */
export function expandRequest(spec: RequestSpec, route: string, encode: EncodeContent): ExpandedRequest {
  checkOneBody(spec);
  const path = pathOf(spec, route);
  if (spec.form !== undefined) {
    return { path, body: encodePairs(spec.form, 'form'), contentType: 'application/x-www-form-urlencoded' };
  }
  const content = encode(spec);
  return content === undefined ? { path } : { path, ...content };
}

/** @throws RequestProblem for a request with two bodies */
export function checkOneBody(spec: RequestSpec): void {
  const bodies = BODIES.filter((name) => spec[name] !== undefined);
  if (bodies.length > 1) {
    throw new RequestProblem(`has both ${bodies.join(' and ')}; expected one of them`);
  }
}

/** The path of a request, from its `path` or its route, with its `query`. @throws RequestProblem */
export function pathOf({ path, params, query }: RequestSpec, route: string): string {
  if (path !== undefined && params !== undefined) {
    throw new RequestProblem('has both path and params; expected params alone: the route is the path');
  }
  const filled = path ?? fillRoute(route, params);
  if (query === undefined) return filled;
  const pairs = encodePairs(query, 'query');
  if (pairs === '' || typeof filled !== 'string') return filled;
  return `${filled}${filled.includes('?') ? '&' : '?'}${pairs}`;
}

/** Puts percent-encoded values in place of the `{names}` of a route. @throws RequestProblem */
function fillRoute(route: string, params: RequestSpec['params'] = {}): string {
  const used = new Set<string>();
  const path = route.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value: unknown = Object.hasOwn(params, name) ? params[name] : undefined;
    // An empty value would request another route.
    if (
      (typeof value !== 'string' || value === '') &&
      !(typeof value === 'number' && Number.isFinite(value))
    ) {
      throw new RequestProblem(
        `has ${show(value)} for {${name}} of the route ${route}; expected a text or a number: params: { ${name}: ... }`,
      );
    }
    used.add(name);
    // A dot segment would be resolved by the server (RFC 3986, 5.2.4).
    const text = String(value);
    return /^\.\.?$/.test(text) ? text.replaceAll('.', '%2E') : percentEncoded(text, `params.${name}`);
  });
  for (const name in params) {
    if (!used.has(name)) {
      throw new RequestProblem(
        `has params.${name}, but the route ${route} has no {${name}}${inBraces(route)}`,
      );
    }
  }
  return path;
}

/** For a route with names as Express and others write them, `/orders/:id`: how it is written here. */
function inBraces(route: string): string {
  const here = route.replaceAll(/(?<=\/):([A-Za-z_]\w*)/g, '{$1}');
  return here === route ? '' : `; expected the route as ${here}`;
}

/** @throws RequestProblem for what JSON cannot hold */
export function encodeJson(json: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(json) as string | undefined;
  } catch (cause) {
    // A `toJSON` may throw anything.
    throw new RequestProblem(`has json that cannot be serialised: ${reasonOf(cause)}`, { cause });
  }
  if (text === undefined) throw new RequestProblem(`has json of type ${typeof json}; expected data`);
  return text;
}

/** Names and values as a query or a form (WHATWG URL, application/x-www-form-urlencoded). @throws RequestProblem */
export function encodePairs(fields: Fields, option: string): string {
  const pairs: string[] = [];
  const add = (name: string, value: FieldValue): void => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new RequestProblem(
        `has ${option}.${name} ${show(value)}; expected text, a number, true or false, or a list of such`,
      );
    }
    pairs.push(`${encodeField(name)}=${encodeField(String(value))}`);
  };
  if (typeof fields !== 'object' || (fields as unknown) === null) {
    throw new RequestProblem(`has ${option} ${show(fields)}; expected an object such as { page: 2 }`);
  }
  if (Symbol.iterator in fields) {
    for (const [name, value] of fields as Iterable<readonly [string, string]>) add(name, value);
    return pairs.join('&');
  }
  for (const [name, value] of Object.entries(fields as Readonly<Record<string, FieldValue>>)) {
    if ((value as unknown) === undefined) continue;
    if (Array.isArray(value)) for (const each of value as readonly FieldValue[]) add(name, each);
    else add(name, value);
  }
  return pairs.join('&');
}

function encodeField(text: string): string {
  return percentEncoded(text, 'a field')
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function percentEncoded(text: string, what: string): string {
  try {
    return encodeURIComponent(text);
  } catch (cause) {
    throw new RequestProblem(`has ${what} with an unpaired surrogate; expected well-formed text`, { cause });
  }
}
