import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock/clock.ts';
import { SharedCounts } from '../executors/executor.ts';
import { createTransport } from '../transport/create-transport.ts';
import { ThreadSecrets } from '../secrets/sent-secrets.ts';
import { compileRun } from '../definition/compile.ts';
import { RunBases } from './run-bases.ts';
import { LoadThread } from './load-thread.ts';
import { loadScenarioModule } from '../definition/scenario-module.ts';
import { ownerOfUnhandled, UnhandledErrors } from './unhandled-errors.ts';
import { reasonOf } from '../show.ts';
import { warmUp } from './warm-up.ts';
import type { WorkerCall, WorkerData, WorkerNotice, WorkerReply, WorkerRequest } from './worker-protocol.ts';

/**
 * Entry of a worker thread, loaded by `WorkerThread`: runs its part of the load on calls from the coordinator.
 *
 * Must hold:
 * - It creates its own `LoadThread`: a new `ThreadOptions` member needs a member of `WorkerData`, set in `create-threads.ts`,
 *   unless `resolveOptions` rejects it with several threads, as it does `onExchange`, `resolve`, a clock or a transport.
 * - A call, but `ping`, waits until the scenario module is loaded and the warm-up is over; if that fails, it is answered by that error.
 * - Reasons of a stop, errors and exceptions of intervals are redacted here: the coordinator does not know the secrets that users of
 *   this thread sent. An error that answers a call is not.
 * - Gates, secrets, connections and warm-up are of this thread alone; `counters` and `sharedCells` are shared memory.
 */
const data = workerData as WorkerData;
const port = parentPort!;
const clock = systemClock();

const secrets = new ThreadSecrets(data.headers);
const redact = (text: string): string => secrets.redactor().text(text);

async function createThread(): Promise<LoadThread> {
  const run = compileRun(await loadScenarioModule(data.source));
  if (data.warmUp) await warmUp(clock, run, data.pacing);
  const thread = new LoadThread({
    run,
    clock,
    transport: createTransport(data.transport, clock),
    target: { origin: data.transport.origin, pathPrefix: data.pathPrefix },
    bases: new RunBases(data.bases, (settings) => createTransport(settings, clock)),
    headers: data.headers,
    requestTimeoutMs: data.requestTimeoutMs,
    setupTimeoutMs: data.setupTimeoutMs,
    thread: data.thread,
    place: data.place,
    threads: data.threads,
    part: data.part,
    gates: new Map(),
    secrets,
    seed: data.seed,
    counters: data.counters,
    sharedCounts: data.sharedCells.map((cells) => new SharedCounts(cells)),
    cookies: data.cookies,
    selections: data.selections,
    statuses: data.statuses,
    traceShare: data.traceShare,
    connections: data.connections,
    maxConnections: data.maxConnections,
    pacing: data.pacing,
    stopRun: (reason) => port.postMessage({ stop: redact(reason) } satisfies WorkerNotice),
    onExchange: undefined,
  });
  const scenario = ownerOfUnhandled(run);
  void new UnhandledErrors(
    (error) => thread.recorder.exception(scenario, error, clock.now(), secrets),
    // Ends the thread, whose `error` event then has only this text.
    (error) => {
      throw new Error(redact(error.message));
    },
  );
  return thread;
}

async function answer(thread: LoadThread, call: Exclude<WorkerCall, { kind: 'ping' }>): Promise<unknown> {
  switch (call.kind) {
    case 'prepare':
      return thread.prepare(call.sharedData);
    case 'run':
      return thread.run(call.originMs);
    case 'set-users':
      return thread.setUsers(call.scenario, call.users, call.ramp);
    case 'set-rate':
      return thread.setRate(call.scenario, call.rate, call.atMs);
    case 'flush':
      return { interval: thread.flush(), health: thread.health(), cookiesMissed: thread.cookiesMissed };
    case 'close':
      thread.close();
      // Close the port after the reply, or it would keep the thread alive.
      setImmediate(() => port.close());
      return undefined;
    default:
      return thread[call.kind]();
  }
}

const created = createThread();
created.catch(() => undefined);

port.on('message', ({ id, call }: WorkerRequest) => {
  if (call.kind === 'ping') {
    port.postMessage({ id } satisfies WorkerReply);
    return;
  }
  created
    .then((thread) => answer(thread, call))
    .then(
      (value) => port.postMessage({ id, value } satisfies WorkerReply),
      (cause: unknown) => {
        const error = new Error(redact(reasonOf(cause)));
        port.postMessage({ id, error } satisfies WorkerReply);
      },
    );
});
