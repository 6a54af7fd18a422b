/**
 * Who may use `/__mock`: only programs on this machine. Other machines are refused, and changes by web pages of other origins.
 *
 * Must hold: a hook calls `refuseAdmin` before every admin route (`routes.ts`). For GET, HEAD and OPTIONS it does not look at
 * page and content type, so routes of these methods change nothing.
 */
import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Why an admin request is refused. */
export interface AdminRefusal {
  readonly code: 'ADMIN_LOOPBACK_ONLY' | 'ADMIN_NOT_FROM_A_PAGE' | 'ADMIN_JSON_ONLY';
  readonly message: string;
}

/**
 * Loopback peers only, and only with a loopback `Host`: with DNS rebinding, a page in a browser reaches 127.0.0.1 under
 * another host name.
 */
function isLocal(request: FastifyRequest): boolean {
  const host = request.hostname.replace(/^\[|\]$/g, '');
  const isLoopbackName = host === 'localhost' || (isIP(host) !== 0 && LOOPBACK.test(host));
  return isLoopbackName && LOOPBACK.test(request.raw.socket.remoteAddress ?? '');
}

/**
 * Whether a browser sends the request for a page of another site. Browsers add `Origin` to every request that changes
 * something, and `Sec-Fetch-Site` to every request; a page cannot change either.
 */
function isFromForeignPage(request: FastifyRequest): boolean {
  const { origin, host = '' } = request.headers;
  if (origin !== undefined && origin !== `${request.protocol}://${host}`) return true;
  const site = request.headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Whether the body is empty or JSON: an HTML form of a foreign page cannot send that content type. */
function isJsonOrEmpty(request: FastifyRequest): boolean {
  const type = request.headers['content-type'];
  return type === undefined || /^application\/json\s*(;|$)/i.test(type);
}

/** Why the request is refused; undefined: it may read, or change, the running mock. */
export function refuseAdmin(request: FastifyRequest): AdminRefusal | undefined {
  if (!isLocal(request)) return { code: 'ADMIN_LOOPBACK_ONLY', message: 'Only from this machine' };
  if (READS.has(request.method)) return undefined;
  if (isFromForeignPage(request))
    return {
      code: 'ADMIN_NOT_FROM_A_PAGE',
      message: 'A web page may not change the mock: send the request from a program, such as curl',
    };
  if (!isJsonOrEmpty(request))
    return { code: 'ADMIN_JSON_ONLY', message: 'Send the body as content-type: application/json' };
  return undefined;
}
