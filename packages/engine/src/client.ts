import { ThreadSecrets } from './secrets/sent-secrets.ts';
import { EngineError } from './errors.ts';
import { checkClientOptions } from './input/run-rules.ts';
import { compileRun } from './run/compile.ts';
import { createHost } from './run/host.ts';
import { checkTarget } from './run/check-target.ts';
import { resolveRun } from './run/resolve-options.ts';
import type { ResolveHost } from './guard/guard.ts';
import type { AllowedHost } from './guard/permission.ts';
import { OwnConnection } from './transport/connections.ts';
import { createTransport } from './transport/create-transport.ts';
import { createUser } from './user/create-user.ts';
import { Interrupted } from './user/interrupted.ts';
import type { LoadResponse, Operation, RequestSpec } from './scenario.ts';
import type { Exchange, TimeoutOptions, TlsOptions } from './options.ts';

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

/** One request after another through the same path that a run uses, without load: for probes. */
export interface Client {
  /** A failure is a response with another outcome than `ok`; rejects with an EngineError for what cannot be asked. */
  request(spec: RequestSpec): Promise<LoadResponse>;
  close(): Promise<void>;
}

/**
 * Opens a client on the engine's own request path.
 * @throws EngineError for options that cannot be used
 */
export function openClient(options: ClientOptions): Client {
  checkClientOptions(options);
  const resolved = resolveRun({ ...options, scenarios: [] });
  const { clock, target, headers, requestTimeoutMs, setupTimeoutMs, seed } = resolved;
  const run = compileRun([
    {
      name: options.phase ?? 'probe',
      operations: options.operations,
      run: () => Promise.resolve(),
      executor: { kind: 'constant-vus', duration: 1 },
    },
  ]);
  const transport = createTransport(resolved.transport, clock, options.resolve);
  const host = createHost(
    {
      clock,
      target,
      headers,
      requestTimeoutMs,
      setupTimeoutMs,
      seed,
      threads: 1,
      gates: new Map(),
      secrets: new ThreadSecrets(headers),
      cookies: resolved.cookies,
      onExchange: options.onExchange,
    },
    run.scenarios[0]!,
    options.phase ?? 'probe',
    undefined,
    () => new OwnConnection(transport),
  );
  const user = createUser(host, 0);
  /** Once: the name of the target is resolved for the first request. */
  let checked: Promise<void> | undefined;
  return {
    request(spec) {
      const answer = (checked ??= checkTarget(resolved)).then(() => {
        if (user.interrupted)
          throw new EngineError('invalid-request', 'this client is closed; open another one.');
        return user.request(spec).catch((error: unknown) => {
          // Cut off by `close`: code that never awaited it need not notice.
          if (error instanceof Interrupted) answer.catch(() => undefined);
          throw error;
        });
      });
      return answer;
    },
    close: () => {
      user.leave();
      return Promise.resolve();
    },
  };
}
