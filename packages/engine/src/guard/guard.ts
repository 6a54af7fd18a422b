/*
 * Which addresses may be loaded: loopback always, another host only where `allow` names it, link-local and metadata addresses
 * never.
 *
 * Must hold:
 * - `admitTarget` decides before anything is sent, for the target and each base. It does not check what a name resolves to, also
 *   not `localhost`: every connection by name uses `guardedLookup` with the `loopbackOnly` of its answer.
 * - An IP address of the URL or of the option `address` is checked by `admitTarget` alone: Node looks up only names.
 */

import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { EngineError } from '../errors.ts';
import { classifyAddress } from './address.ts';
import type { Ceilings } from './ceilings.ts';
import { hostOf, permissionFor, portOf } from './permission.ts';
import type { AllowedHost, ResolveHost } from '../model/allowed-host.ts';

/** The guard's decision from the options alone, without a DNS lookup. */
export interface Admission {
  /** `false`: an entry of `allow` names the host, so that other addresses than loopback may be connected to. */
  readonly loopbackOnly: boolean;
  /** Of the entry; `undefined`: none names the host, and only loopback is admitted. */
  readonly ceilings: Ceilings | undefined;
}

const resolveBySystem: ResolveHost = async (host) =>
  (await systemLookup(host, { all: true, verbatim: true })).map(({ address }) => address);

function notAllowed(message: string): EngineError {
  return new EngineError('target-not-allowed', message);
}

/** Throws for an address that may not be connected to. */
function checkAddress(address: string, host: string, loopbackOnly: boolean): void {
  const kind = classifyAddress(address);
  const shown = address === host ? host : `${host} (${address})`;
  if (kind === 'forbidden')
    throw notAllowed(
      `target ${shown} is refused: it is a link-local, metadata, multicast or unspecified address, which is never loaded.`,
    );
  if (kind !== 'loopback' && loopbackOnly)
    throw notAllowed(
      `target ${shown} may not be loaded: it is not loopback. ` +
        `If its owner agrees, permit it: allow: [{ host: '${host}', maxUsers: ..., maxRate: ... }].`,
    );
}

/**
 * Decides from the options alone whether a target may be loaded. A name that is not of loopback, without an entry of `allow` or
 * an `address`, is refused before a DNS lookup.
 * @throws EngineError `target-not-allowed`; `invalid-option` for an `address` or a host of `allow` that is none
 */
export function admitTarget(
  origin: string,
  addresses: readonly string[],
  allow: readonly AllowedHost[] | undefined,
): Admission {
  const url = new URL(origin);
  const host = hostOf(url);
  const ceilings = permissionFor(url, allow);
  const loopbackOnly = ceilings === undefined;
  for (const address of addresses) {
    if (isIP(address) === 0)
      throw new EngineError('invalid-option', `address is '${address}'; expected an IP address.`);
    checkAddress(address, host, loopbackOnly);
  }
  if (isIP(host) !== 0) checkAddress(host, host, loopbackOnly);
  else if (loopbackOnly && addresses.length === 0 && host !== 'localhost' && !host.endsWith('.localhost'))
    throw notAllowed(
      `target ${host}:${portOf(url)} may not be loaded: it is not loopback. ` +
        `If its owner agrees, permit it: allow: [{ host: '${host}', maxUsers: ..., maxRate: ... }].`,
    );
  return { loopbackOnly, ceilings };
}

/** Resolves a name and checks all its addresses. @throws EngineError `target-not-allowed`; what the resolver throws */
export async function resolveChecked(
  host: string,
  loopbackOnly: boolean,
  resolve: ResolveHost = resolveBySystem,
): Promise<readonly string[]> {
  const addresses = await resolve(host);
  for (const address of addresses) checkAddress(address, host, loopbackOnly);
  return addresses;
}

/**
 * The resolver of a transport: every address of the answer is checked, and the connection uses an address of this same
 * answer, so that a DNS change during the run cannot redirect the load to an unchecked address.
 */
export function guardedLookup(loopbackOnly: boolean, resolve?: ResolveHost): LookupFunction {
  const answer = callbackify(async (host: string, family: number) => {
    const addresses = await resolveChecked(host, loopbackOnly, resolve);
    const found = addresses
      .map((address) => ({ address, family: isIP(address) }))
      .filter((each) => family === 0 || each.family === family);
    if (found.length === 0) throw Object.assign(new Error(`no address of ${host}`), { code: 'ENOTFOUND' });
    return found;
  });
  return (host, { family, all }, callback) => {
    const wanted = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : 0;
    answer(host, wanted, (error, found) => {
      const [first] = found ?? [];
      if (error !== null || first === undefined) callback(error, '', 0);
      else if (all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
