import { compress } from 'snappyjs';
import { Delivery } from '../delivery/delivery.ts';
import { finishMs } from '../delivery/finish-ms.ts';
import { reportLoss } from '../delivery/loss-error.ts';
import { Receiver } from '../delivery/receiver.ts';
import { K6NativeMetrics } from '../metrics/k6-native-metrics.ts';
import { RunMetrics } from '../metrics/run-metrics.ts';
import type { Exporter } from '../exporter.ts';
import type { OutputContext } from '../output-context.ts';
import { credentialsOf } from '../spec/credentials.ts';
import { nativeSamples } from './native-samples.ts';
import { WriteRequests, type SenderLabels, type WriteRequest } from './write-request.ts';

/**
 * `prometheus-rw`: remote write 1.0. Sends zeros at `start` and again when the load starts, so that `rate()` has a first
 * value; one sample per series every `intervalMs`; a last one with the final thresholds; stale markers one interval later.
 */
export function remoteWriteOutput(url: URL, context: OutputContext): Exporter {
  const { name, environment, required, intervalMs, nativeHistograms, locustNames, tell } = context;
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
  let metrics: RunMetrics | undefined;
  let requests: WriteRequests | undefined;
  let native: K6NativeMetrics | undefined;
  let sender: SenderLabels = { job: 'jarvis-load', instance: '' };
  /** Time of the last samples. It must rise: Prometheus rejects two samples of a series at one time. */
  let lastMs = 0;

  const batch = (timeMs: number) => {
    lastMs = Math.max(Math.round(timeMs), lastMs + 1);
    return withNative(requests!.samples(metrics!.collect(), lastMs), lastMs, false);
  };
  const withNative = ({ body, points }: WriteRequest, timeMs: number, stale: boolean) => {
    if (native === undefined) return { body: compress(body), points };
    const more = nativeSamples(native.series, sender, timeMs, stale);
    return { body: compress(Buffer.concat([body, more.body])), points: points + more.points };
  };
  return {
    async start(run) {
      metrics = new RunMetrics(run, intervalMs, locustNames);
      sender = { ...sender, instance: run.runId };
      requests = new WriteRequests(sender);
      native = nativeHistograms ? new K6NativeMetrics(run) : undefined;
      const zeros = batch(Date.now());
      if (!required) return delivery.add(zeros);
      const answer = await receiver.post(zeros);
      if (answer.kind !== 'taken') throw new Error(answer.reason);
    },
    event(event) {
      // After a long preparation, the first zeros lie outside the range of a `rate()`.
      if (event.type === 'phase' && event.phase === 'run') delivery.add(batch(Date.now()));
    },
    second(second) {
      metrics?.add(second);
      native?.add(second.delta);
      // The last ones are sent by `stop`, with the final judgement.
      if (second.judged !== undefined && !second.last) delivery.add(batch(second.startWallMs + second.endMs));
    },
    async stop(result) {
      try {
        if (metrics !== undefined && requests !== undefined && result !== undefined) {
          metrics.end(result);
          delivery.add(batch(Date.now()));
          const endMs = lastMs + intervalMs;
          delivery.add(withNative(requests.end(endMs), endMs, true));
        }
        await delivery.finish(finishMs(result));
      } finally {
        await receiver.close();
      }
      reportLoss(delivery.loss, 'points');
    },
  };
}
