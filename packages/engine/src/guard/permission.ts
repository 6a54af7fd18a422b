import { didYouMean } from '../did-you-mean.ts';
import { DURATION_FORM, readDuration } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type { Duration } from '../executors/options.ts';
import { show } from '../show.ts';
import type { Ceilings } from './ceilings.ts';

/** A host beside loopback that may be loaded, and how much. */
export interface AllowedHost {
  /** Name or IP address, as it stands in `baseUrl`. */
  readonly host: string;
  /** The one port that may be loaded. @default every port */
  readonly port?: number;
  /** Most users at once, over all scenarios. @default no limit */
  readonly maxUsers?: number;
  /** Most requests per second, as far as the scenarios declare their `demand`. @default no limit */
  readonly maxRate?: number;
  /** Longest planned run. @default no limit */
  readonly maxDuration?: Duration;
}

/** Every name of an {@link AllowedHost}; a type error here when one is missing. */
const NAMES: Readonly<Record<keyof AllowedHost, true>> = {
  host: true,
  port: true,
  maxUsers: true,
  maxRate: true,
  maxDuration: true,
};

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
    // A port, a path or credentials would have been taken for something else.
    return url.host === url.hostname && url.pathname === '/' && url.username === '' ? hostOf(url) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The ceilings of the entry that allows the host and port of a URL; `undefined` where none does.
 * @throws EngineError `invalid-option` for an entry that cannot be used, whether it is needed or not
 */
export function permissionFor(url: URL, allow: readonly AllowedHost[] = []): Ceilings | undefined {
  if (!Array.isArray(allow))
    throw invalid('allow', allow, "a list such as [{ host: 'staging.example.org' }]");
  let found: Ceilings | undefined;
  allow.forEach((entry: AllowedHost, index) => {
    const { host, port, ceilings } = read(entry, `allow[${index}]`);
    if (host === hostOf(url) && (port === undefined || port === portOf(url))) found ??= ceilings;
  });
  return found;
}

function read(entry: AllowedHost, path: string) {
  if (typeof entry !== 'object' || entry === null)
    throw invalid(path, entry, "an object such as { host: 'staging.example.org', maxUsers: 50 }");
  const names = Object.keys(NAMES);
  for (const name of Object.keys(entry)) {
    if (names.includes(name)) continue;
    throw new EngineError(
      'invalid-option',
      `there is no option ${show(`${path}.${name}`)}.${didYouMean(name, names)} Known: ${names.join(', ')}.`,
    );
  }
  const { port, maxUsers, maxRate, maxDuration } = entry;
  const host = typeof entry.host === 'string' ? normalised(entry.host) : undefined;
  if (host === undefined)
    throw invalid(`${path}.host`, entry.host, 'a host name or an IP address, without scheme, port and path');
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65_535))
    throw invalid(`${path}.port`, port, 'a whole number from 1 to 65535');
  if (maxUsers !== undefined && !(Number.isInteger(maxUsers) && maxUsers >= 1))
    throw invalid(`${path}.maxUsers`, maxUsers, 'a whole number from 1 on');
  if (maxRate !== undefined && !(typeof maxRate === 'number' && maxRate > 0))
    throw invalid(`${path}.maxRate`, maxRate, 'a number above 0');
  const maxDurationMs = maxDuration === undefined ? Number.POSITIVE_INFINITY : readDuration(maxDuration);
  if (maxDurationMs === undefined || maxDurationMs === 0)
    throw invalid(`${path}.maxDuration`, maxDuration, `a duration above 0: ${DURATION_FORM}`);
  const ceilings: Ceilings = {
    maxUsers: maxUsers ?? Number.POSITIVE_INFINITY,
    maxRate: maxRate ?? Number.POSITIVE_INFINITY,
    maxDurationMs,
  };
  return { host, port, ceilings };
}

function invalid(option: string, value: unknown, expected: string): EngineError {
  return new EngineError('invalid-option', `${option} is ${show(value)}; expected ${expected}.`);
}
