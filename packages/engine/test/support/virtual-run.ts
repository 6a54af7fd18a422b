import { VirtualClock } from '../../src/clock/virtual-clock.ts';
import type { ExecutorOptions } from '../../src/executors/options.ts';
import { SharedCounts } from '../../src/executors/executor.ts';
import { CounterLayout } from '../../src/recorder/counters.ts';
import type { OperationInterval } from '../../src/recorder/interval-data.ts';
import { compileRun } from '../../src/run/compile.ts';
import { LoadThread } from '../../src/run/load-thread.ts';
import type { Script } from './scripted-server.js';
import { VirtualTarget } from './virtual-target.ts';

export interface VirtualRunOptions {
  readonly executor: ExecutorOptions;
  readonly script: Script;
  readonly seed?: number;
  /** @default no limit */
  readonly maxConnections?: number;
}

/** The engine's own thread, users, pacer and recorder on a virtual clock; returns what it measured of one operation. */
export async function virtualRun({
  executor,
  script,
  seed = 1,
  maxConnections = Number.POSITIVE_INFINITY,
}: VirtualRunOptions): Promise<OperationInterval> {
  const clock = new VirtualClock();
  const run = compileRun([
    {
      name: 'virtual',
      operations: [{ name: 'get', method: 'GET', route: '/' }],
      executor,
      run: async (user) => {
        await user.request({ operation: 'get', path: '/' });
      },
    },
  ]);
  const thread = new LoadThread({
    clock,
    run,
    transport: new VirtualTarget(clock, script),
    thread: 0,
    threads: 1,
    counters: new CounterLayout(1, 1).allocate(),
    sharedCounts: [new SharedCounts()],
    selections: new Map(),
    connections: undefined,
    maxConnections,
    pacing: 'efficient',
    target: { origin: 'http://127.0.0.1', pathPrefix: '' },
    headers: {},
    requestTimeoutMs: 60_000,
    seed,
    gates: new Map(),
    onExchange: undefined,
  });
  await thread.prepare([undefined]);
  let over = false;
  const ended = thread.run(clock.now()).then(() => {
    over = true;
  });
  for (let second = 0; !over && second < 600; second++) await clock.advance(1000);
  await ended;
  const [operation] = thread.flush().operations;
  thread.close();
  if (operation === undefined) throw new Error('the virtual run recorded no request');
  return operation;
}
