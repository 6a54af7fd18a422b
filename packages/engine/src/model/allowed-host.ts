import type { Duration } from '../duration.ts';

/** All addresses of a host name, in the resolver's order; rejects when there are none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** A host other than loopback that may be loaded, with limits. */
export interface AllowedHost {
  /** Name or IP address, as written in `baseUrl`. */
  readonly host: string;
  /** Port that may be loaded. @default every port */
  readonly port?: number;
  /** Maximum number of users at the same time, over all scenarios. @default no limit */
  readonly maxUsers?: number;
  /** Maximum requests per second; checked where the scenarios declare their `demand`. @default no limit */
  readonly maxRate?: number;
  /** Maximum planned duration of a run. @default no limit */
  readonly maxDuration?: Duration;
}
