import { reasonOf } from '@jarvis-load/engine/show';
import { parentPort, workerData } from 'node:worker_threads';
import { createExporter } from '../create-exporter.ts';
import { parseOutput } from '../spec/parse-output.ts';
import { workBehindTheLoad } from './behind-the-load.ts';
import type { FromWorker, ToWorker, WorkerStart } from './messages.ts';

/*
 * The thread of one output. Must hold: messages are handled in the order in which they were sent; `start` and `stop` get one
 * reply each. Any other error, also one of making the exporter, ends the thread, from which `WorkerOutput` learns of it.
 */
workBehindTheLoad();
const { spec, context } = workerData as WorkerStart;
const send = (message: FromWorker): void => parentPort?.postMessage(message);
const output = createExporter(parseOutput(spec), {
  ...context,
  tell: (level, text) => send({ kind: 'tell', level, text }),
});

/** Why it failed; undefined: it did not. */
async function problemOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

parentPort?.on('message', (message: ToWorker) => {
  void handle(message);
});

async function handle(message: ToWorker): Promise<void> {
  // Awaiting keeps the order: continuations of one promise run in the order in which they were added.
  const live = await output;
  switch (message.kind) {
    case 'start':
      send({ kind: 'started', problem: await problemOf(live.start(message.run)) });
      break;
    case 'event':
      live.event?.(message.event);
      break;
    case 'second':
      live.second(message.second);
      break;
    case 'hurry':
      live.hurry();
      break;
    case 'stop': {
      const problem = await problemOf(live.stop(message.result));
      const serves = live.serves === true && problem === undefined;
      send({ kind: 'stopped', problem, serves });
      if (!serves) parentPort?.close();
      break;
    }
  }
}
