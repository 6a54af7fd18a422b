import type { Ceilings } from '../guard/ceilings.ts';
import { admitTarget } from '../guard/guard.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import type { TransportSettings } from '../model/transport-settings.ts';
import { checkCeilings } from './check-ceilings.ts';
import { checkedTls } from './checked-tls.ts';
import type { ResolvedRun } from './resolve-options.ts';
import { parseBaseUrl, type TargetAddress } from './target-address.ts';

/** One of the `bases` of a scenario; plain data, so that each thread can connect to it. */
export interface ScenarioBase extends TargetAddress {
  readonly scenario: string;
  readonly name: string;
  readonly transport: TransportSettings;
  /** Of its entry of `allow`; they hold for the load of the whole run. */
  readonly ceilings: Ceilings | undefined;
}

/**
 * The bases of all scenarios, each admitted by the guard as the target is; the whole plan must be within the ceilings of its
 * entry of `allow`. What the name of a base resolves to is checked by each connection (`guardedLookup`), with its `loopbackOnly`.
 * @throws EngineError `invalid-option`, `target-not-allowed`
 */
export function resolveBases(
  definitions: readonly ScenarioDefinition[],
  { options, transport }: ResolvedRun,
): ScenarioBase[] {
  return definitions.flatMap(({ name: scenario, bases = {} }) =>
    Object.entries(bases).map(([name, base]): ScenarioBase => {
      const { url, tls } = typeof base === 'string' ? { url: base, tls: undefined } : base;
      const { cert: _cert, key: _key, passphrase: _passphrase, ...trust } = transport.tls;
      const address = parseBaseUrl(url, `bases.${name} of scenario "${scenario}"`);
      const { loopbackOnly, ceilings } = admit(options, address.origin);
      if (ceilings !== undefined) checkCeilings(definitions, ceilings);
      return {
        ...address,
        scenario,
        name,
        ceilings,
        transport: {
          ...transport,
          origin: address.origin,
          addresses: [],
          loopbackOnly,
          // The certificate of this client is for the target, unless the base has one.
          tls:
            tls === undefined
              ? trust
              : checkedTls({ ...trust, ...tls }, `bases.${name}.tls of scenario "${scenario}"`),
        },
      };
    }),
  );
}

/** All that the load of a run must stay within: the ceilings of the target and of its bases. */
export function ceilingsOf({ ceilings }: ResolvedRun, bases: readonly ScenarioBase[]): readonly Ceilings[] {
  return [ceilings, ...bases.map((base) => base.ceilings)].filter((each) => each !== undefined);
}

/** A transport of the caller has no address to check. */
function admit(
  { allow, transport }: ResolvedRun['options'],
  origin: string,
): { readonly loopbackOnly: boolean; readonly ceilings: Ceilings | undefined } {
  if (transport !== undefined) return { loopbackOnly: false, ceilings: undefined };
  return admitTarget(origin, [], allow);
}
