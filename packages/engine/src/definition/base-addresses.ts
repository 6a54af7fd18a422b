import type { Ceilings } from '../guard/ceilings.ts';
import { admitTarget } from '../guard/guard.ts';
import type { ScenarioDefinition } from '../model/scenario.ts';
import type { TransportSettings } from '../model/transport-settings.ts';
import { checkCeilings } from './check-ceilings.ts';
import type { ResolvedRun } from './resolve-options.ts';
import { parseBaseUrl, type TargetAddress } from './target-address.ts';

/** One of the `bases` of a scenario; plain data, so that each thread can connect to it. */
export interface ScenarioBase extends TargetAddress {
  readonly scenario: string;
  readonly name: string;
  readonly transport: TransportSettings;
}

/**
 * The bases of all scenarios, each admitted by the guard as the target is.
 * @throws EngineError `invalid-option`, `target-not-allowed`
 */
export function resolveBases(
  definitions: readonly ScenarioDefinition[],
  { options, transport }: ResolvedRun,
): ScenarioBase[] {
  return definitions.flatMap(({ name: scenario, bases = {} }) =>
    Object.entries(bases).map(([name, url]): ScenarioBase => {
      const address = parseBaseUrl(url, `bases.${name} of scenario "${scenario}"`);
      const { loopbackOnly, ceilings } = admit(options, address.origin);
      if (ceilings !== undefined) checkCeilings(definitions, ceilings);
      return {
        ...address,
        scenario,
        name,
        transport: { ...transport, origin: address.origin, addresses: [], loopbackOnly },
      };
    }),
  );
}

/** A transport of the caller has no address to check. */
function admit(
  { allow, transport }: ResolvedRun['options'],
  origin: string,
): { readonly loopbackOnly: boolean; readonly ceilings: Ceilings | undefined } {
  if (transport !== undefined) return { loopbackOnly: false, ceilings: undefined };
  return admitTarget(origin, [], allow);
}
