import type { ResolveHost, AllowedHost } from './allowed-host.ts';
import type { Operation } from './scenario.ts';
import type { Exchange, TimeoutOptions, TlsOptions } from './run-options.ts';

/** What `openClient` takes. */
export interface ClientOptions {
  /** As of a run. */
  readonly baseUrl: string;
  /** Every operation that may be requested. */
  readonly operations: readonly Operation[];
  /** Goes into the header `x-load-phase`. @default 'probe' */
  readonly phase?: 'probe' | 'setup' | 'teardown' | 'warm-up';
  /** As of a run. @default a new id, sortable by time */
  readonly runId?: string;
  /** As of a run. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** As of a run. @default 'jarvis-load/<version>' */
  readonly userAgent?: string;
  /** As of a run. @default the host is resolved */
  readonly address?: string | readonly string[];
  /** As of a run. @default [], loopback only */
  readonly allow?: readonly AllowedHost[];
  /** As of a run. @default the system's resolver */
  readonly resolve?: ResolveHost;
  /** As of a run. @default by the system's authorities */
  readonly tls?: TlsOptions;
  /** As of a run. @default false */
  readonly http2?: boolean;
  /** Keeps what answers set, and sends it with later requests. @default false */
  readonly cookies?: boolean;
  /** As of a run. @default {} */
  readonly timeouts?: TimeoutOptions;
  /** Largest answer that is read, in bytes. @default 64 MiB */
  readonly maxBodyBytes?: number;
  /** Sees every request and its answer. @default none */
  readonly onExchange?: (exchange: Exchange) => void;
}
