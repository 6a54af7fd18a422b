import type { ScenarioBase } from '../definition/base-addresses.ts';
import type { Transport } from '../model/flight.ts';
import type { TransportSettings } from '../model/transport-settings.ts';

/**
 * The further addresses of a run's scenarios in one thread, with a transport for each origin and its options of TLS, made when it
 * is first asked for: bases with another certificate never share connections. A transport needs no closing; its connections do.
 */
export class RunBases {
  readonly #bases: readonly ScenarioBase[];
  readonly #create: (settings: TransportSettings) => Transport;
  readonly #transports = new Map<string, Transport>();

  constructor(bases: readonly ScenarioBase[], create: (settings: TransportSettings) => Transport) {
    this.#bases = bases;
    this.#create = create;
  }

  of(scenario: string): readonly ScenarioBase[] {
    return this.#bases.filter((base) => base.scenario === scenario);
  }

  transportTo({ origin, transport }: ScenarioBase): Transport {
    const key = JSON.stringify([origin, transport.tls]);
    let found = this.#transports.get(key);
    if (found === undefined) this.#transports.set(key, (found = this.#create(transport)));
    return found;
  }

  /** Connections opened so far. */
  get opened(): number {
    return [...this.#transports.values()].reduce((sum, { opened }) => sum + opened, 0);
  }
}
