/** Settings of a transport: plain data, so that each thread can create its own. */
export interface TransportSettings {
  /** Scheme, host and port. */
  readonly origin: string;
  /** Connect to these addresses, in turn, instead of resolving the host. Empty: resolve it. */
  readonly addresses: readonly string[];
  /** Whether connections to other than loopback addresses are refused. */
  readonly loopbackOnly: boolean;
  readonly connectTimeoutMs: number;
  /** 0: no limit of its own. */
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** PEM certificates to trust instead of the system's. */
  readonly ca: string | undefined;
  readonly rejectUnauthorized: boolean;
  readonly http2: boolean;
}
