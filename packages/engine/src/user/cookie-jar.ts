import { createRequire } from 'node:module';
import { isIP } from 'node:net';

/** Loaded with the first cookie: undici takes 15 MiB, which runs without cookies would pay. */
let parser: Pick<typeof import('undici'), 'parseCookie'> | undefined;

interface StoredCookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** The host that set it, or its attribute `Domain`. */
  readonly domain: string;
  /** Set without `Domain`: it goes to that host alone. */
  readonly hostOnly: boolean;
  /** Goes over TLS alone. */
  readonly secure: boolean;
  /** Wall-clock time; Infinity: never expires. */
  readonly expiresMs: number;
}

/** What cookies depend on in an origin; the port is no part of it (RFC 6265, 8.5). */
interface Site {
  readonly host: string;
  readonly https: boolean;
}

/** Cookies kept per user; RFC 6265 requires at least 50 per domain (6.1). */
const MOST_COOKIES = 180;
/** Negative `Max-Age`: expires the cookie at once (RFC 6265, 5.2.2), but undici's parser ignores it. */
const NEGATIVE_AGE = /;\s*max-age\s*=\s*-\d+\s*(?:;|$)/i;
/** Valid `Path`: for an invalid one undici's parser uses `/`, RFC 6265 (5.2.4) the default path of the request. */
const ABSOLUTE_PATH = /;\s*path\s*=\s*\//i;

/**
 * The cookies of one user (RFC 6265, section 5, with the name prefixes of RFC 6265bis), over all origins that it calls: as in a
 * browser, a cookie of one port goes to the others of its host, one with `Domain` to the hosts below it. undici parses the header;
 * matching and storage are here. Time is a parameter, so that cookies also expire on a virtual clock.
 */
export class CookieJar {
  readonly #nowMs: () => number;
  /** By name, path and domain; in order of creation. */
  readonly #cookies = new Map<string, StoredCookie>();
  /** By origin: of a scenario there are few. */
  readonly #sites = new Map<string, Site>();

  /** @param nowMs wall-clock time */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Takes in a `Set-Cookie` header. @param origin that sent it @param requestPath with its query */
  take(header: string, origin: string, requestPath: string): void {
    parser ??= createRequire(import.meta.url)('undici') as NonNullable<typeof parser>;
    const cookie = parser.parseCookie(header);
    if (cookie === null || (cookie.name === '' && cookie.value === '')) return;
    const site = this.#siteOf(origin);
    const { name, value, domain: given = '', secure = false } = cookie;
    if (given !== '' && !belongs(site.host, given)) return;
    const path = ABSOLUTE_PATH.test(header) ? (cookie.path ?? '/') : defaultPath(requestPath);
    if (name.startsWith('__Secure-') && !secure) return;
    if (name.startsWith('__Host-') && !(secure && path === '/' && given === '')) return;
    const hostOnly = given === '';
    const domain = hostOnly ? site.host : given;
    if (!site.https && (secure || this.#hidesSecure(name, domain, path))) return;
    const key = `${hostOnly ? '' : '.'}${domain};${path};${name}`;
    const expiresMs = NEGATIVE_AGE.test(header) ? 0 : this.#expiry(cookie.maxAge, cookie.expires);
    if (expiresMs <= this.#nowMs()) {
      this.#cookies.delete(key);
      return;
    }
    if (!this.#cookies.has(key) && this.#cookies.size >= MOST_COOKIES) this.#dropOldest();
    this.#cookies.set(key, { name, value, path, domain, hostOnly, secure, expiresMs });
  }

  /** The `Cookie` header of a request, longer paths first; nothing when there is none. @param requestPath with its query */
  header(origin: string, requestPath: string): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    const { host, https } = this.#siteOf(origin);
    const path = pathOf(requestPath);
    const nowMs = this.#nowMs();
    const found: StoredCookie[] = [];
    for (const [key, cookie] of this.#cookies) {
      if (cookie.expiresMs <= nowMs) {
        this.#cookies.delete(key);
        continue;
      }
      const toHost = cookie.hostOnly ? cookie.domain === host : belongs(host, cookie.domain);
      if (toHost && (https || !cookie.secure) && covers(cookie.path, path)) found.push(cookie);
    }
    if (found.length === 0) return undefined;
    found.sort((a, b) => b.path.length - a.path.length);
    return found.map(({ name, value }) => (name === '' ? value : `${name}=${value}`)).join('; ');
  }

  /** Whether a cookie set without TLS would stand in for one that goes over TLS alone (RFC 6265bis, 5.7). */
  #hidesSecure(name: string, domain: string, path: string): boolean {
    return [...this.#cookies.values()].some(
      (kept) =>
        kept.secure &&
        kept.name === name &&
        (belongs(kept.domain, domain) || belongs(domain, kept.domain)) &&
        covers(kept.path, path),
    );
  }

  #siteOf(origin: string): Site {
    let site = this.#sites.get(origin);
    if (site === undefined) {
      const { hostname, protocol } = new URL(origin);
      site = { host: hostname.replace(/^\[|\]$/g, ''), https: protocol === 'https:' };
      this.#sites.set(origin, site);
    }
    return site;
  }

  /** `Max-Age` beats `Expires`. */
  #expiry(maxAgeSeconds: number | undefined, expires: Date | number | undefined): number {
    if (maxAgeSeconds !== undefined) return maxAgeSeconds === 0 ? 0 : this.#nowMs() + maxAgeSeconds * 1000;
    const atMs = expires === undefined ? Number.NaN : Number(expires);
    return Number.isNaN(atMs) ? Number.POSITIVE_INFINITY : atMs;
  }

  #dropOldest(): void {
    const [oldest] = this.#cookies.keys();
    if (oldest !== undefined) this.#cookies.delete(oldest);
  }
}

/** Whether a cookie domain matches a host. An IP address matches only itself. */
function belongs(host: string, domain: string): boolean {
  return domain === host || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function pathOf(requestPath: string): string {
  const end = requestPath.search(/[?#]/);
  return end === -1 ? requestPath : requestPath.slice(0, end);
}

/** Default path: the directory of the request path (RFC 6265, 5.1.4). */
function defaultPath(requestPath: string): string {
  const path = pathOf(requestPath);
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** RFC 6265, 5.1.4: `/api` covers `/api` and `/api/chat`, not `/apis`. */
function covers(cookiePath: string, path: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/';
}
