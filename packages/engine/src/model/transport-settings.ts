import type { TlsOptions } from './tls-options.ts';

/** Settings of a transport: plain data, so that each thread can create its own. */
export interface TransportSettings {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Connect to these addresses, in turn, instead of resolving the host. Empty: resolve it. */
  readonly addresses: readonly string[];
  /** Whether connections to other than loopback addresses are refused. */
  readonly loopbackOnly: boolean;
  readonly connectTimeoutMs: number;
  /** 0: no limit of its own; the same for the next one. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly maxBodyBytes: number;
  readonly maxHeaderBytes: number;
  /** Without options of its own: the system's authorities, no certificate of this client. */
  readonly tls: TlsOptions;
  readonly http2: boolean;
}
