import type { ResolveHost, AllowedHost } from './allowed-host.ts';
import type { Operation } from './scenario.ts';
import type { Exchange, TimeoutOptions } from './run-options.ts';
import type { TlsOptions } from './tls-options.ts';

/** Options of `openClient`. "As in a run": the option means what the same option of {@link RunOptions} means. */
export interface ClientOptions {
  /** Origin, with an optional path prefix, as in a run. */
  readonly baseUrl: string;
  /** Every operation that the client may request. */
  readonly operations: readonly Operation[];
  /** Value of the header `x-load-phase`. @default 'probe' */
  readonly phase?: 'probe' | 'setup' | 'teardown' | 'warm-up';
  /** Value of the header `x-load-run-id`, as in a run. @default a new id, sortable by time */
  readonly runId?: string;
  /** Sent with every request, as in a run. @default {} */
  readonly headers?: Readonly<Record<string, string>>;
  /** The header `user-agent`, as in a run. @default 'jarvis-load/<version>' */
  readonly userAgent?: string;
  /** Addresses to connect to instead of resolving the host, as in a run. @default the host is resolved */
  readonly address?: string | readonly string[];
  /** Hosts other than loopback that may be requested, as in a run. @default [], loopback only */
  readonly allow?: readonly AllowedHost[];
  /** Resolves host names, as in a run. @default the system's resolver */
  readonly resolve?: ResolveHost;
  /** Verification of the server's certificate, as in a run. @default by the system's authorities */
  readonly tls?: TlsOptions;
  /** Offers HTTP/2 to a TLS server, as in a run. @default false */
  readonly http2?: boolean;
  /** Stores cookies from responses and sends them with later requests. @default false */
  readonly cookies?: boolean;
  /** Time limits of one request, as in a run. @default {} */
  readonly timeouts?: TimeoutOptions;
  /** Maximum size of a response body, in bytes. @default 64 MiB */
  readonly maxBodyBytes?: number;
  /** Maximum size of the headers of a response, in bytes. @default 16 KiB */
  readonly maxHeaderBytes?: number;
  /** Called with every request and its response. @default none */
  readonly onExchange?: (exchange: Exchange) => void;
}
