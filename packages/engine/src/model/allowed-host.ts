import type { Duration } from '../duration.ts';

/** All addresses of a host name, in the resolver's order; rejects when there are none. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

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
