import { Delivery } from '../delivery/delivery.ts';
import { finishMs } from '../delivery/finish-ms.ts';
import { reportLoss } from '../delivery/loss-error.ts';
import { Receiver } from '../delivery/receiver.ts';
import type { Exporter } from '../exporter.ts';
import type { ExporterContext } from '../output-context.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import { credentialsOf } from '../spec/credentials.ts';
import { RunRequests } from './run-requests.ts';

/**
 * `prometheus-rw`: remote write 1.0. Sends zeros at `start` and again when the load starts, so that `rate()` has a first
 * value; one sample per series every `intervalMs`; a last one with the final thresholds; stale markers one interval later.
 *
 * Must hold: `stop` queues the last samples before the stale markers, and closes the receiver after `finish`, on every path.
 */
export function remoteWriteOutput(url: URL, context: ExporterContext): Exporter {
  const { name, environment, required, intervalMs, tell } = context;
  const receiver = new Receiver(url, credentialsOf('prometheus-rw', environment), {
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
  });
  const delivery = new Delivery(receiver.post, {
    onProblem: (reason) => tell('warning', `${name}: ${reason}; the run goes on`),
  });
  let requests: RunRequests | undefined;
  return {
    async start(run) {
      const trial = new RunRequests(run, context);
      rehearse(run, (second) => {
        trial.add(second);
        trial.batch(Date.now());
      });
      requests = new RunRequests(run, context);
      const zeros = requests.batch(Date.now());
      if (!required) return delivery.add(zeros);
      const answer = await receiver.post(zeros);
      if (answer.kind !== 'taken') throw new Error(answer.reason);
    },
    event(event) {
      // After a long preparation, the first zeros lie outside the range of a `rate()`.
      if (requests !== undefined && event.type === 'phase' && event.phase === 'run')
        delivery.add(requests.batch(Date.now()));
    },
    second(second) {
      if (requests === undefined) return;
      requests.add(second);
      // The last ones are sent by `stop`, with the final judgement.
      if (second.judged !== undefined && !second.last)
        delivery.add(requests.batch(second.startWallMs + second.endMs));
    },
    hurry: () => delivery.hurry(),
    async stop(result) {
      try {
        if (requests !== undefined && result !== undefined) {
          requests.end(result);
          delivery.add(requests.batch(Date.now()));
          delivery.add(requests.stale(intervalMs));
        }
        await delivery.finish(finishMs(result));
      } finally {
        receiver.close();
      }
      reportLoss(delivery.loss, 'points');
    },
  };
}
