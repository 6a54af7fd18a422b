import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LiveError } from '../control/live-control.ts';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Equal texts in a time that does not depend on how much of them is equal. */
function isSame(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

/**
 * Who may send requests. A page in the same browser may belong to anybody, and so may another process on this machine:
 * neither knows the token.
 *
 * - `Host` must be a name of this server: DNS rebinding gives a foreign page's name.
 * - The token comes as `Authorization: Bearer`, or as the cookie that it was exchanged for.
 * - What changes something must come from a page of this server, by `Origin` and `Sec-Fetch-Site`, or from a program: without both
 *   headers, with the bearer token. What only reads must not come from a page of another site.
 *
 * Must hold: `createApp` calls `checkHost` before routing, `checkToken` and `checkOrigin` for everything under the API but the
 * login, which calls `checkOrigin` only if there is an `Origin`; a route outside of these hooks is open to every page and process of
 * this machine. `listenOn` comes before the first request: until then `checkHost` refuses each.
 */
export class RequestGuard {
  /** Of this start; shown once, in the fragment of the address, which is never sent to a server. */
  readonly token = randomBytes(24).toString('base64url');
  /** Another secret: whoever reads cookies does not get the token. */
  readonly #cookieSecret: string;
  #cookie = '';
  #cookieName = 'jarvis_load';
  #hosts: ReadonlySet<string> = new Set();

  /** @param cookieSecret the same one as before a restart lets pages come back @default a new one */
  constructor(cookieSecret = randomBytes(24).toString('base64url')) {
    this.#cookieSecret = cookieSecret;
  }

  /**
   * Cookies are shared by all ports of a host, so name and value have the port. Browsers leave port 80 out of `Host`.
   * @param hosts in lower case
   */
  listenOn(hosts: readonly string[], port: number): void {
    this.#hosts = new Set(hosts.flatMap((host) => [`${host}:${port}`, ...(port === 80 ? [host] : [])]));
    this.#cookieName = `jarvis_load_${port}`;
    this.#cookie = createHmac('sha256', this.#cookieSecret).update(this.#cookieName).digest('base64url');
  }

  /** Before routing. @throws LiveError 403 */
  checkHost(request: FastifyRequest): void {
    const { host = '' } = request.headers;
    if (this.#hosts.has(host.toLowerCase())) return;
    throw new LiveError(
      403,
      'host',
      'This server does not answer under that host name',
      `Open ${[...this.#hosts][0] ?? ''}`,
    );
  }

  /** @throws LiveError 401 */
  checkToken(request: FastifyRequest): void {
    if (this.#isBearer(request) || this.#hasCookie(request)) return;
    throw new LiveError(
      401,
      'token',
      'No valid token',
      'Open the address that jarvis-load printed, or send it as authorization: Bearer <token>',
    );
  }

  /** @throws LiveError 403 for a change that a page of another origin asks for */
  checkOrigin(request: FastifyRequest): void {
    if (READS.has(request.method)) {
      const site = request.headers['sec-fetch-site'];
      if (site === undefined || site === 'same-origin' || site === 'none') return;
    } else {
      const { origin, host } = request.headers;
      const site = request.headers['sec-fetch-site'];
      const isOwnPage = origin === `http://${host}` && (site === undefined || site === 'same-origin');
      // A program sends no Origin. It needs the bearer token: a browser adds the cookie by itself, whoever made the request.
      if (isOwnPage || (origin === undefined && site === undefined && this.#isBearer(request))) return;
    }
    throw new LiveError(
      403,
      'origin',
      'Not from another page',
      'Use the page of this server, or a program with the token',
    );
  }

  /** The cookie in exchange for the token. @throws LiveError 401 */
  cookieFor(token: string): string {
    if (!isSame(token, this.token))
      throw new LiveError(401, 'token', 'No valid token', 'Open the address that jarvis-load printed last');
    return `${this.#cookieName}=${this.#cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  #isBearer(request: FastifyRequest): boolean {
    const [, token] = /^Bearer ([\w-]+)$/i.exec(request.headers.authorization ?? '') ?? [];
    return token !== undefined && isSame(token, this.token);
  }

  #hasCookie(request: FastifyRequest): boolean {
    return (request.headers.cookie ?? '').split(';').some((pair) => {
      const [name, value] = pair.trim().split('=', 2);
      return name === this.#cookieName && value !== undefined && isSame(value, this.#cookie);
    });
  }
}
