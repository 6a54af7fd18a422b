import type { Clock } from '../model/clock.ts';
import type { Exchange } from '../model/run-options.ts';
import type { ThreadRecorder } from '../recorder/thread-recorder.ts';
import type { ConnectionSource } from '../transport/connections.ts';
import type { ThreadSecrets } from '../secrets/sent-secrets.ts';
import { RateGate } from '../clock/rate-gate.ts';
import { RunHeaders } from '../user/run-headers.ts';
import type { UnkeptCookies } from '../user/unkept-cookies.ts';
import { TracedHeaders, type TraceSampling } from '../user/traced-headers.ts';
import type { HostBase, RequestPhase, UserCoordination, UserHost } from '../user/user-host.ts';
import type { CompiledScenario } from '../model/compiled-run.ts';
import type { Transport } from '../model/flight.ts';
import type { RunBases } from './run-bases.ts';
import type { TargetAddress } from '../definition/target-address.ts';

/*
 * `createHost`: what the users of one scenario have in common.
 *
 * Must hold:
 * - Headers of the run may hold credentials of the target: users send them to the target alone (`basesOf`).
 * - Only phase `run` has traces; `onStart` of an open scenario gets the host `prepare`, so that its requests are not counted.
 */

/**
 * What the users of one thread have in common, whatever their scenario. `createHost` adds to `gates`. The coordinator's own
 * thread and `SoloUsers` share that map: both give the same `threads`, as a gate keeps the rate of the host that is created first.
 */
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
  /** Threads of all parts of the run; each gets an equal part of an operation's `maxPerSecond`. */
  readonly threads: number;
  /** By operation name: gates of operations with a `maxPerSecond`, added as scenarios define them. */
  readonly gates: Map<string, RateGate>;
  /** Whether each user keeps cookies. */
  readonly cookies?: boolean | undefined;
  /** Looks at the answers of a run that keeps none. */
  readonly unkept?: UnkeptCookies | undefined;
  readonly onExchange: ((exchange: Exchange) => void) | undefined;
  /** Of requests in phase `run`. @default none carries a `traceparent` */
  readonly traces?: TraceSampling | undefined;
  /** What the users share with other threads. @default nothing */
  readonly coordination?: UserCoordination | undefined;
  /** Further addresses of the scenarios. @default none */
  readonly bases?: RunBases | undefined;
}

/**
 * What the users of one scenario have in common.
 * @param connections makes the source of a user, over a transport; the user closes it
 * @param answered gets the clock time at which each request ended
 */
export function createHost(
  options: HostOptions,
  transport: Transport,
  scenario: CompiledScenario,
  phase: RequestPhase,
  recorder: ThreadRecorder | undefined,
  connections: (over: Transport) => ConnectionSource,
  answered?: (nowMs: number) => void,
): UserHost {
  // One gate per operation name: the limit is the target's and covers all scenarios.
  const { gates } = options;
  for (const { operation } of scenario.operations.values()) {
    if (operation.maxPerSecond !== undefined && !gates.has(operation.name)) {
      gates.set(operation.name, new RateGate(operation.maxPerSecond / options.threads));
    }
  }
  const bases = basesOf(options, scenario, phase, connections);
  const { origin, pathPrefix } = options.target;
  const host: UserHost = {
    clock: options.clock,
    scenario,
    phase,
    recorder,
    prepare: undefined,
    setupTimeoutMs: options.setupTimeoutMs,
    headers: headersOf(options, phase),
    name: undefined,
    origin,
    pathPrefix,
    bases,
    addresses: [{ name: undefined, origin, pathPrefix }, ...bases.values()],
    requestTimeoutMs: options.requestTimeoutMs,
    gates,
    secrets: options.secrets,
    seed: options.seed,
    cookies: options.cookies,
    unkept: options.unkept,
    coordination: options.coordination,
    onExchange: options.onExchange,
    answered,
    connections: () => connections(transport),
    messages: (listener) => transport.messages(listener),
  };
  if (phase !== 'run' || scenario.executor.model !== 'open') return host;
  const prepare = {
    ...host,
    phase: 'prepare' as const,
    headers: headersOf(options, 'prepare'),
    bases: basesOf(options, scenario, 'prepare', connections),
  };
  return { ...host, prepare };
}

/** Headers of the run go to the target alone, as they may hold its credentials; other addresses get those of the tool. */
function basesOf(
  { bases, headers, traces }: HostOptions,
  scenario: CompiledScenario,
  phase: RequestPhase,
  connections: (over: Transport) => ConnectionSource,
): ReadonlyMap<string, HostBase> {
  const own = bases?.of(scenario.name) ?? [];
  if (bases === undefined || own.length === 0) return NO_BASES;
  const ofTool = Object.entries(headers).filter(
    ([name]) => name === 'user-agent' || name === 'x-load-run-id',
  );
  const common = headersOf({ headers: Object.fromEntries(ofTool), traces }, phase);
  return new Map(
    own.map((base): [string, HostBase] => [
      base.name,
      {
        name: base.name,
        origin: base.origin,
        pathPrefix: base.pathPrefix,
        headers: common,
        connections: () => connections(bases.transportTo(base)),
        messages: (listener) => bases.transportTo(base).messages(listener),
      },
    ]),
  );
}

const NO_BASES: ReadonlyMap<string, HostBase> = new Map();

function headersOf(
  { headers, traces }: Pick<HostOptions, 'headers' | 'traces'>,
  phase: RequestPhase,
): RunHeaders {
  const common = { ...headers, 'x-load-phase': phase };
  return traces === undefined || phase !== 'run' ? new RunHeaders(common) : new TracedHeaders(common, traces);
}
