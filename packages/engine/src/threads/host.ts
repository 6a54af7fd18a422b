import type { Clock } from '../model/clock.ts';
import type { Exchange } from '../model/run-options.ts';
import type { ThreadRecorder } from '../recorder/thread-recorder.ts';
import type { ConnectionSource } from '../transport/connections.ts';
import type { ThreadSecrets } from '../secrets/sent-secrets.ts';
import { RateGate } from '../clock/rate-gate.ts';
import { RunHeaders } from '../user/run-headers.ts';
import type { RequestPhase, UserHost } from '../user/user-host.ts';
import type { CompiledScenario } from '../model/compiled-run.ts';
import type { TargetAddress } from '../definition/target-address.ts';

/** What the users of a run have in common, whatever their scenario and thread. */
export interface HostOptions {
  readonly clock: Clock;
  readonly target: TargetAddress;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestTimeoutMs: number;
  /** Of the thread. */
  readonly secrets: ThreadSecrets;
  /** Time limit of `setup` and `onStart`. */
  readonly setupTimeoutMs: number;
  readonly seed: number;
  /** Number of threads; each gets an equal part of an operation's `maxPerSecond`. */
  readonly threads: number;
  /** By operation name: gates of operations with a `maxPerSecond`, added as scenarios define them. */
  readonly gates: Map<string, RateGate>;
  /** Whether each user keeps cookies. */
  readonly cookies?: boolean | undefined;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
}

/** What the users of one scenario have in common. */
export function createHost(
  options: HostOptions,
  scenario: CompiledScenario,
  phase: RequestPhase,
  recorder: ThreadRecorder | undefined,
  connections: () => ConnectionSource,
  answered?: (nowMs: number) => void,
): UserHost {
  // One gate per operation name: the limit is the target's and covers all scenarios.
  const { gates } = options;
  for (const { operation } of scenario.operations.values()) {
    if (operation.maxPerSecond !== undefined && !gates.has(operation.name)) {
      gates.set(operation.name, new RateGate(operation.maxPerSecond / options.threads));
    }
  }
  const host: UserHost = {
    clock: options.clock,
    scenario,
    phase,
    recorder,
    prepare: undefined,
    setupTimeoutMs: options.setupTimeoutMs,
    headers: headersOf(options, phase),
    origin: options.target.origin,
    pathPrefix: options.target.pathPrefix,
    requestTimeoutMs: options.requestTimeoutMs,
    gates,
    secrets: options.secrets,
    seed: options.seed,
    cookies: options.cookies,
    onExchange: options.onExchange,
    answered,
    connections,
  };
  if (phase !== 'run' || scenario.executor.model !== 'open') return host;
  const prepare = { ...host, phase: 'prepare' as const, headers: headersOf(options, 'prepare') };
  return { ...host, prepare };
}

function headersOf({ headers }: HostOptions, phase: RequestPhase): RunHeaders {
  return new RunHeaders({ ...headers, 'x-load-phase': phase });
}
