/**
 * Decides whether a target, or a further base address, may be loaded (rules: docs/guides/real-api.md).
 *
 * Must hold:
 * - Callers connect to the returned `addresses` only: a name that resolves to another address later was not checked.
 * - A name that neither is localhost nor has a permission is refused before any DNS lookup.
 * - Link-local, metadata, multicast and unspecified addresses are refused whatever the config file says.
 * - `ceilings` are undefined on loopback alone, where a permission of the config file sets none; `isOwnMachine`, and with it the test
 *   account, depends on that.
 */
import { isIP } from 'node:net';
import { classifyAddress, hostOf, portOf, type Ceilings } from '@jarvis-load/engine';
import { CliError } from '../cli-error.ts';
import { parseDurationMs } from '../options/duration.ts';
import type { Target } from '../target/resolve-target.ts';

/** A target that may be loaded, with its checked addresses. */
export interface AllowedTarget {
  readonly url: URL;
  /** The only addresses that may be connected to, in the resolver's order. */
  readonly addresses: readonly string[];
  /** Undefined on loopback. */
  readonly ceilings: Ceilings | undefined;
}

/** Input of the guard besides the target. */
export interface GuardContext {
  /** What the address is, for messages. @default target */
  readonly subject?: string;
  /** `host:port` of each address that is meant, separated by commas. */
  readonly confirmTarget: string | undefined;
  readonly configFileName: string;
  readonly now: Date;
  /** Resolves all addresses of a host name; rejects when there are none. */
  readonly lookup: (host: string) => Promise<readonly string[]>;
}

/** `host:port`, always with the port. */
function hostAndPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

function notAllowed(code: string, problem: string, next: string): CliError {
  return new CliError({
    exit: 'not-allowed',
    code,
    problem,
    expected: 'loopback, or a host that the config file allows and --confirm-target confirms',
    next,
  });
}

/** The addresses that `--confirm-target` names. */
export function confirmedBy(confirmTarget: string | undefined): readonly string[] {
  return (confirmTarget ?? '').split(',').map((place) => place.trim().toLowerCase());
}

/** @param before what is confirmed already, to be kept */
function toConfirm(place: string, before: string | undefined): string {
  const places = before === undefined ? place : `${before},${place}`;
  return `--confirm-target=${places} (or JARVIS_LOAD_CONFIRM_TARGET=${places})`;
}

function exampleEntry(url: URL): string {
  return `{"targets": {"staging": {"url": "${url.origin}", "maxUsers": 50, "maxRate": 100, "maxDuration": "10m", "owner": "who allows it", "expiry": "YYYY-MM-DD"}}}`;
}

/** The end of the last day of a permission. */
function endOf(expiry: string): number {
  return Date.parse(expiry.includes('T') ? expiry : `${expiry}T23:59:59.999Z`);
}

function checkPermission(target: Target, url: URL, context: GuardContext): Ceilings {
  const place = hostAndPort(url);
  const { permission } = target;
  const { subject = 'target', confirmTarget } = context;
  if (permission === undefined)
    throw notAllowed(
      'target-not-allowed',
      `${subject} ${url.origin} may not be loaded: it is not loopback, and ${context.configFileName} does not allow it`,
      `if its owner agrees, put it into ${context.configFileName}: ${exampleEntry(url)}\n        and add ${toConfirm(place, confirmTarget)}`,
    );
  const end = endOf(permission.expiry);
  if (!(context.now.getTime() <= end))
    throw notAllowed(
      'target-expired',
      `the permission to load ${url.origin} ended on ${permission.expiry}`,
      `ask its owner (${permission.owner}) and renew "expiry" in ${context.configFileName}`,
    );
  if (!confirmedBy(confirmTarget).includes(place))
    throw notAllowed(
      'target-not-confirmed',
      confirmTarget === undefined
        ? `${subject} ${url.origin} is allowed by ${context.configFileName}, but not confirmed`
        : `--confirm-target is "${confirmTarget}", but the ${subject} is ${place}`,
      `add ${toConfirm(place, subject === 'target' ? undefined : confirmTarget)}`,
    );
  const maxDurationMs = parseDurationMs(String(permission.maxDuration));
  if (maxDurationMs === undefined)
    throw new CliError({
      exit: 'usage',
      code: 'config-value',
      problem: `config file ${context.configFileName}: maxDuration "${permission.maxDuration}" is no duration`,
      expected: 'such as 10m',
    });
  return { maxUsers: permission.maxUsers, maxRate: permission.maxRate, maxDurationMs };
}

function refuseForbidden(url: URL, address: string, { subject = 'target' }: GuardContext): void {
  if (classifyAddress(address) !== 'forbidden') return;
  throw notAllowed(
    'target-forbidden',
    `${subject} ${url.origin} is refused: ${address} is a link-local, metadata, multicast or unspecified address`,
    address.startsWith('0.') || address === '::' || address === '0.0.0.0'
      ? 'for this machine, use http://127.0.0.1 with the port'
      : 'such addresses are never loaded, whatever the config file says',
  );
}

async function resolveAll(url: URL, context: GuardContext): Promise<readonly string[]> {
  try {
    return await context.lookup(hostOf(url));
  } catch (cause) {
    throw new CliError({
      exit: 'unreachable',
      code: 'target-dns',
      problem: `cannot reach ${url.origin}: its name "${hostOf(url)}" does not resolve (${(cause as NodeJS.ErrnoException).code ?? 'DNS'})`,
      next: 'check the name and the network, or use --target=mock',
      cause,
    });
  }
}

/**
 * Checks the target; of a name, every resolved address.
 *
 * @throws CliError exit 4 when the target is refused, exit 3 when its name does not resolve
 */
export async function guardTarget(target: Target, url: URL, context: GuardContext): Promise<AllowedTarget> {
  const host = hostOf(url);
  if (isIP(host) !== 0) {
    refuseForbidden(url, host, context);
    if (classifyAddress(host) === 'loopback') return { url, addresses: [host], ceilings: undefined };
    return { url, addresses: [host], ceilings: checkPermission(target, url, context) };
  }
  if (host === 'localhost' || host.endsWith('.localhost')) {
    const addresses = await resolveAll(url, context);
    if (addresses.every((address) => classifyAddress(address) === 'loopback'))
      return { url, addresses, ceilings: undefined };
  }
  const ceilings = checkPermission(target, url, context);
  const addresses = await resolveAll(url, context);
  for (const address of addresses) refuseForbidden(url, address, context);
  return { url, addresses, ceilings };
}
