import type { BaseAddress } from '@jarvis-load/engine/user-rules';

const ADDRESS = /^(https?):\/\/([^/?#]+)(\/[^?#]*)?$/i;
const DEFAULT_PORTS: Readonly<Record<string, RegExp>> = { http: /:80$/, https: /:443$/ };

/**
 * A base address by its URL, in plain code: k6 has no `URL`, which this file must agree with (`addresses.property.test.ts`).
 * @throws TypeError
 */
export function addressOf(url: string, name?: string): BaseAddress {
  const [, scheme, host, prefix = ''] = ADDRESS.exec(url) ?? [];
  if (scheme === undefined || host === undefined) throw new TypeError(`${url} is not the URL of an API.`);
  return { name, origin: originOf(scheme, host), pathPrefix: prefix.replace(/\/+$/, '') };
}

/**
 * Where a `location` leads to, relative to the URL that was requested (RFC 3986, 5.2); undefined for another scheme than HTTP, and
 * for one with credentials.
 */
export function resolveLocation(
  location: string,
  url: string,
): { readonly origin: string; readonly path: string } | undefined {
  const base = /^(https?):\/\/([^/?#]+)([^?#]*)(\?[^#]*)?/i.exec(url);
  if (base === null) return undefined;
  const [, ofScheme = '', ofHost = '', ofPath = '', ofQuery = ''] = base;
  const [reference = ''] = location.trim().split('#', 1);
  const absolute = /^(?:([a-z][a-z\d+.-]*):)?\/\/([^/?]+)(.*)$/i.exec(reference);
  if (absolute !== null) {
    const [, scheme = ofScheme, host = '', rest = ''] = absolute;
    if (!/^https?$/i.test(scheme) || host.includes('@')) return undefined;
    return { origin: originOf(scheme, host), path: normalised(rest.startsWith('/') ? rest : `/${rest}`) };
  }
  if (/^[a-z][a-z\d+.-]*:/i.test(reference)) return undefined;
  const origin = originOf(ofScheme, ofHost);
  if (reference === '') return { origin, path: `${ofPath || '/'}${ofQuery}` };
  if (reference.startsWith('/')) return { origin, path: normalised(reference) };
  if (reference.startsWith('?')) return { origin, path: `${ofPath || '/'}${reference}` };
  return { origin, path: normalised(`${ofPath.replace(/[^/]*$/, '') || '/'}${reference}`) };
}

function originOf(scheme: string, host: string): string {
  const lower = scheme.toLowerCase();
  return `${lower}://${host.toLowerCase().replace(DEFAULT_PORTS[lower]!, '')}`;
}

/** Without dot segments (RFC 3986, 5.2.4). */
function normalised(path: string): string {
  const [steps = '', ...query] = path.split('?');
  const kept: string[] = [];
  const parts = steps.split('/').slice(1);
  parts.forEach((step, place) => {
    const last = place === parts.length - 1;
    if (step === '..') kept.pop();
    if (step !== '.' && step !== '..') kept.push(step);
    else if (last) kept.push('');
  });
  return `/${kept.join('/')}${query.length === 0 ? '' : `?${query.join('?')}`}`;
}
