import { EngineError } from '../errors.ts';
import type { SharedCounts } from '../executors/executor.ts';
import { CounterLayout } from '../recorder/counters.ts';
import type { MetricCatalog } from '../metrics/metric-catalog.ts';
import { countOfPart, WHOLE_RUN } from '../plan/count-of-part.ts';
import { createTransport } from '../transport/create-transport.ts';
import type { ThreadSecrets } from '../secrets/sent-secrets.ts';
import type { RateGate } from '../clock/rate-gate.ts';
import type { CompiledRun } from '../model/compiled-run.ts';
import type { ScenarioBase } from '../definition/base-addresses.ts';
import type { ResolvedRun } from '../definition/resolve-options.ts';
import type { ScenarioModule } from '../model/scenario-module.ts';
import { reasonOf } from '../show.ts';
import { RunBases } from './run-bases.ts';
import { LocalThread, type ThreadHandle } from './thread-handle.ts';
import { WorkerThread } from './worker-thread.ts';

/**
 * The threads of a run: the caller's own for one, worker threads for more.
 *
 * Must hold:
 * - What a worker gets is cloned: plain data and shared memory. Gates, secrets and transports it makes itself (`worker.ts`).
 * - `threads` of a thread counts those of all parts (`--part`), `thread` and `maxConnections` are of this process.
 *
 * @param gates of the caller's own thread, shared with `SoloUsers`, as `secrets` are
 * @param shared by scenario index
 */
export function createThreads(
  resolved: ResolvedRun,
  run: CompiledRun,
  { selections, statuses }: Pick<MetricCatalog, 'selections' | 'statuses'>,
  gates: Map<string, RateGate>,
  secrets: ThreadSecrets,
  shared: readonly SharedCounts[],
  bases: readonly ScenarioBase[],
  stopRun: (reason: string) => void,
): ThreadHandle[] {
  const { clock, target, headers, requestTimeoutMs, setupTimeoutMs, seed, threads } = resolved;
  const { cookies, transport, pacing, warmUp, traceShare } = resolved;
  const { connections, onExchange, scenarios, part = WHOLE_RUN } = resolved.options;
  /** Among the threads of all parts. */
  const placeOf = (thread: number): number => part.index + part.of * thread;
  const layout = new CounterLayout(run.scenarios.length, run.operations.length);
  const common = {
    headers,
    requestTimeoutMs,
    setupTimeoutMs,
    seed,
    threads: threads * part.of,
    part,
    cookies,
    selections,
    statuses: [...statuses],
    traceShare,
    connections,
    pacing,
  };
  if (threads === 1) {
    const local = new LocalThread({
      ...common,
      run,
      clock,
      target,
      transport: resolved.options.transport ?? createTransport(transport, clock, resolved.options.resolve),
      thread: 0,
      place: placeOf(0),
      maxConnections: resolved.maxConnections,
      counters: layout.allocate(),
      sharedCounts: shared,
      gates,
      secrets,
      bases: basesOf(resolved, bases),
      stopRun,
      onExchange,
    });
    return [local];
  }
  const start = (thread: number): WorkerThread =>
    new WorkerThread(
      {
        ...common,
        // Options with several threads are rejected unless the scenarios come from a module.
        source: scenarios as ScenarioModule,
        transport,
        bases,
        pathPrefix: target.pathPrefix,
        thread,
        place: placeOf(thread),
        maxConnections: countOfPart(resolved.maxConnections, thread, threads),
        counters: layout.allocate(),
        sharedCells: shared.map(({ cells }) => cells),
        warmUp,
      },
      run,
      stopRun,
    );
  return startTogether(threads, start);
}

/** Errors of threads for which the system has no room. */
const LACKS = new Set<string | undefined>(['ERR_WORKER_INIT_FAILED', 'ERR_WORKER_OUT_OF_MEMORY']);

/**
 * Starts all threads, or none: where one cannot be, as the process may have no more, those before it are closed, which would keep
 * the process alive.
 *
 * @throws EngineError `thread-died`
 */
export function startTogether<T extends Pick<ThreadHandle, 'close'>>(
  threads: number,
  start: (thread: number) => T,
): T[] {
  const started: T[] = [];
  try {
    while (started.length < threads) started.push(start(started.length));
    return started;
  } catch (cause) {
    for (const thread of started) void thread.close();
    if (!LACKS.has((cause as NodeJS.ErrnoException).code)) throw cause;
    throw new EngineError(
      'thread-died',
      `thread ${started.length + 1} of ${threads} could not be started (${reasonOf(cause)}); expected that this process may have ${threads} more threads: lower threads, or raise the limit of processes (pids of the container, ulimit -u) or of memory.`,
      { cause },
    );
  }
}

/** The further addresses in the caller's own thread; a transport of the caller serves them too. */
export function basesOf(
  { options, clock }: Pick<ResolvedRun, 'options' | 'clock'>,
  bases: readonly ScenarioBase[],
): RunBases {
  return new RunBases(
    bases,
    (settings) => options.transport ?? createTransport(settings, clock, options.resolve),
  );
}
