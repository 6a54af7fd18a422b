/*
 * Which entry of `allow` permits a URL, and up to which ceilings: the first one with its host and port; one without a port
 * permits every port. `input/run-rules.ts` has checked the entries before, but for the form of the host.
 */

import { parseDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import { show } from '../show.ts';
import type { Ceilings } from './ceilings.ts';
import type { AllowedHost } from '../model/allowed-host.ts';

/** Host of a URL without the brackets of an IPv6 address. */
export function hostOf({ hostname }: Pick<URL, 'hostname'>): string {
  return hostname.replace(/^\[|\]$/g, '');
}

/** Port of a URL, that of its scheme included. */
export function portOf({ port, protocol }: Pick<URL, 'port' | 'protocol'>): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** The host as a URL writes it: lower case, punycode, addresses in their shortest form. */
function normalised(host: string): string | undefined {
  const bare = host.replace(/^\[|\]$/g, '');
  try {
    const url = new URL(`http://${bare.includes(':') ? `[${bare}]` : bare}/`);
    // Reject a port, a path or credentials: `host` must be only a host.
    return url.host === url.hostname && url.pathname === '/' && url.username === '' ? hostOf(url) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The ceilings of the first entry that allows the host and port of a URL; `undefined` where none does.
 * @throws EngineError `invalid-option` for an entry that cannot be used, whether it is needed or not
 */
export function permissionFor(url: URL, allow: readonly AllowedHost[] = []): Ceilings | undefined {
  let found: Ceilings | undefined;
  allow.forEach((entry: AllowedHost, index) => {
    const { host, port, ceilings } = read(entry, `allow[${index}]`);
    if (host === hostOf(url) && (port === undefined || port === portOf(url))) found ??= ceilings;
  });
  return found;
}

/** The fields of an entry are already checked with all options, except the form of its host. */
function read({ host, port, maxUsers, maxRate, maxDuration }: AllowedHost, path: string) {
  const name = normalised(host);
  if (name === undefined) {
    throw new EngineError(
      'invalid-option',
      `${path}.host is ${show(host)}; expected a host name or an IP address, without scheme, port and path.`,
    );
  }
  const ceilings: Ceilings = {
    maxUsers: maxUsers ?? Number.POSITIVE_INFINITY,
    maxRate: maxRate ?? Number.POSITIVE_INFINITY,
    maxDurationMs: maxDuration === undefined ? Number.POSITIVE_INFINITY : parseDuration(maxDuration),
  };
  return { host: name, port, ceilings };
}
