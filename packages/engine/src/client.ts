import type { LoadResponse, Operation, RequestSpec } from './scenario.ts';
import type { Exchange, TimeoutOptions } from './options.ts';

/** What `openClient` takes. */
export interface ClientOptions {
  readonly baseUrl: string;
  readonly operations: readonly Operation[];
  /** Goes into the header `x-load-phase`. @default 'probe' */
  readonly phase?: string;
  readonly runId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly userAgent?: string;
  readonly address?: string;
  readonly timeouts?: TimeoutOptions;
  readonly onExchange?: (exchange: Exchange) => void;
}

/** One request after another through the same path that a run uses, without load: for probes. */
export interface Client {
  /** Never rejects: a failure is a response with another outcome than `ok`. */
  request(spec: RequestSpec): Promise<LoadResponse>;
  close(): Promise<void>;
}

/** Opens a client on the engine's own request path. */
export function openClient(_options: ClientOptions): Client {
  throw new Error('in work');
}
