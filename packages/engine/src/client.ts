import { ThreadSecrets } from './secrets/sent-secrets.ts';
import { EngineError } from './errors.ts';
import { checkClientOptions } from './input/run-rules.ts';
import { compileRun } from './definition/compile.ts';
import { createHost } from './threads/host.ts';
import { checkTarget } from './coordination/check-target.ts';
import { resolveRun } from './definition/resolve-options.ts';
import { OwnConnection } from './transport/connections.ts';
import { createTransport } from './transport/create-transport.ts';
import { createUser } from './user/create-user.ts';
import { Interrupted } from './user/interrupted.ts';
import type { RequestSpec } from './model/scenario.ts';
import type { LoadResponse } from './model/load-response.ts';
import type { ClientOptions } from './model/client-options.ts';

/**
 * Sends single requests, without load, on the same request path as a run. For probes, setup and teardown. One connection to each
 * address: requests at the same time wait for each other. The caller closes it: `close` interrupts requests in flight, which
 * reject, and later ones are refused. Nothing is recorded or redacted: responses hold what the target sent.
 */
export interface Client {
  /**
   * Resolves for failures too, with an outcome other than `ok`. Rejects with an EngineError for an invalid request, a target that may
   * not be loaded and a client that is closed, and with `Interrupted` where `close` ends it.
   */
  request(spec: RequestSpec): Promise<LoadResponse>;
  close(): Promise<void>;
}

/**
 * Opens a client.
 * @throws EngineError for options that cannot be used, and for a target that may not be loaded
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
    transport,
    run.scenarios[0]!,
    options.phase ?? 'probe',
    undefined,
    (over) => new OwnConnection(over),
  );
  const user = createUser(host, 0);
  /** Before the first request, the guard checks what the name of the target resolves to; each connection checks it again. */
  let checked: Promise<void> | undefined;
  return {
    request(spec) {
      const answer = (checked ??= checkTarget(resolved)).then(() => {
        if (user.interrupted)
          throw new EngineError('invalid-request', 'this client is closed; open another one.');
        return user.request(spec).catch((error: unknown) => {
          // The caller may have dropped the promise before `close` aborted the request: avoid an unhandled rejection.
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
