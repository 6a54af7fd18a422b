import type { RequestSpec } from '../model/scenario.ts';
import { valuesOf } from '../transport/head.ts';

/*
 * Redirects that a request with `redirects` follows; each request that one leads to is a hop. Plain code but for `redirectOf`: k6
 * applies the same rules (`rules.ts`).
 *
 * Must hold: a hop leads to an origin of the target or of the scenario's bases, as only these have been admitted by the guard.
 * `headersAfter` is applied to the headers of each hop, so that credentials of one origin do not reach another.
 */

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const MOST_REDIRECTS = 10;

/** Scheme, host and port, and the path before every path, of one of the addresses of a scenario. */
export interface BaseAddress {
  /** `undefined`: the target. */
  readonly name: string | undefined;
  readonly origin: string;
  readonly pathPrefix: string;
}

/** A request that a redirect leads to. */
export interface Hop {
  readonly method: string;
  readonly base: BaseAddress;
  /** Path and query of the location, sent as they are: no prefix is added. */
  readonly path: string;
  /** Whether no redirect so far has led to another origin: `headersAfter` keeps credentials only then. */
  readonly sameOrigin: boolean;
  /** 1 for that of the first redirect. */
  readonly number: number;
}

/** A response that may redirect. */
export interface Redirecting {
  /** Where it leads to, if the request follows redirects. */
  readonly hop: Hop | undefined;
}

/** Sends a request, then those that its redirects lead to. @param send sends it, or its hop */
export async function sendAll<Response extends object>(
  send: (hop: Hop | undefined) => Promise<Response>,
): Promise<Response> {
  let response = await send(undefined);
  for (;;) {
    const { hop } = response as Partial<Redirecting>;
    if (hop === undefined) return response;
    response = await send(hop);
  }
}

/** What was redirected. */
export interface Redirected {
  readonly spec: RequestSpec;
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** The hop that it was itself. */
  readonly hop: Hop | undefined;
}

/** Origin, and path with its query, of a location relative to a URL; `undefined` where it is none. */
export type ResolveLocation = (
  location: string,
  url: string,
) => { readonly origin: string; readonly path: string } | undefined;

/** The hop that a response leads to, as of {@link followRedirect}. */
export function redirectOf(
  status: number,
  head: string,
  redirected: Redirected,
  bases: readonly BaseAddress[],
): Hop | string | undefined {
  const [location] = valuesOf(head, 'location');
  return followRedirect(status, location, redirected, bases, resolveByUrl);
}

function resolveByUrl(...given: Parameters<ResolveLocation>): ReturnType<ResolveLocation> {
  if (!URL.canParse(...given)) return undefined;
  const { origin, pathname, search } = new URL(...given);
  return { origin, path: pathname + search };
}

/**
 * The hop that a response leads to, or why it is not followed; `undefined` for one that does not redirect. POST becomes
 * GET at 301 and 302, any method but HEAD at 303 (Fetch, HTTP-redirect fetch). In plain code: k6 has no `URL`.
 */
export function followRedirect(
  status: number,
  location: string | undefined,
  { spec, method, origin, path, hop }: Redirected,
  bases: readonly BaseAddress[],
  resolve: ResolveLocation,
): Hop | string | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const most = mostRedirects(spec);
  const number = (hop?.number ?? 0) + 1;
  if (number > most) return `redirects more than ${most} times`;
  const target = resolve(location, origin + path);
  if (target === undefined) return 'redirects to a location that is not a URL';
  const base = bases.find((each) => each.origin === target.origin);
  if (base === undefined) {
    return `redirects to ${target.origin}, which is neither the target nor one of the scenario's bases: it is not followed`;
  }
  const toGet = (status <= 302 && method === 'POST') || (status === 303 && method !== 'HEAD');
  return {
    method: toGet ? 'GET' : method,
    base,
    path: target.path,
    sameOrigin: target.origin === origin && hop?.sameOrigin !== false,
    number,
  };
}

function mostRedirects({ redirects }: RequestSpec): number {
  return typeof redirects === 'object' ? (redirects.most ?? MOST_REDIRECTS) : MOST_REDIRECTS;
}

/**
 * Headers of a request, for a redirect of it. Left out are those that begin with `content-` where the body is not sent, and
 * `authorization`, `cookie` and `host` for another origin.
 */
export function headersAfter(
  headers: RequestSpec['headers'],
  { keepsBody, sameOrigin }: { readonly keepsBody: boolean; readonly sameOrigin: boolean },
): RequestSpec['headers'] {
  if (headers === undefined) return undefined;
  const kept = Object.entries(headers).filter(([written]) => {
    const name = written.toLowerCase();
    if (!keepsBody && name.startsWith('content-')) return false;
    return sameOrigin || (name !== 'authorization' && name !== 'cookie' && name !== 'host');
  });
  return Object.fromEntries(kept);
}
