import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { Delivery, type Rejected } from '../delivery/delivery.ts';
import { finishMs } from '../delivery/finish-ms.ts';
import { reportLoss } from '../delivery/loss-error.ts';
import { Receiver, type Shown } from '../delivery/receiver.ts';
import type { Exporter } from '../exporter.ts';
import type { ExporterContext } from '../output-context.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import { credentialsOf } from '../spec/credentials.ts';
import { metricsUrl } from './metrics-url.ts';
import { OtlpMetrics } from './otlp-metrics.ts';

/** OTLP's partial success: an answer with 200 may reject points. */
function rejectedIn(body: Uint8Array, shown: Shown): Rejected | undefined {
  if (body.byteLength === 0) return undefined;
  const { rejectedDataPoints: points = 0, errorMessage = '' } = partialSuccessOf(body);
  if (points <= 0) return undefined;
  const why = shown(errorMessage);
  return { points, reason: `rejected by the receiver${why === '' ? '' : ` (${why})`}` };
}

function partialSuccessOf(body: Uint8Array) {
  try {
    return ProtobufMetricsSerializer.deserializeResponse(body).partialSuccess ?? {};
  } catch {
    // Not every receiver answers with the message of the protocol.
    return {};
  }
}

/** `otlp`: OpenTelemetry metrics over HTTP with protobuf, cumulative, every `intervalMs`; zeros at `start` and as the load starts. */
export function otlpOutput(endpoint: URL, context: ExporterContext): Exporter {
  const { name, environment, required, intervalMs, tell } = context;
  const receiver = new Receiver(metricsUrl(endpoint), credentialsOf('otlp', environment), {
    headers: { 'content-type': 'application/x-protobuf' },
    rejectedIn,
  });
  const delivery = new Delivery(receiver.post, {
    onProblem: (reason) => tell('warning', `${name}: ${reason}; the run goes on`),
  });
  let metrics: OtlpMetrics | undefined;

  const batchOf = (all: OtlpMetrics) => {
    const { resourceMetrics, points } = all.collect(Date.now());
    const body = ProtobufMetricsSerializer.serializeRequest(resourceMetrics);
    if (body === undefined) throw new Error('the metrics could not be written as OTLP');
    return { body, points };
  };
  return {
    async start(run) {
      // With made-up numbers and metrics of its own: it compiles the code before the load, and checks nothing.
      const trial = new OtlpMetrics(run, intervalMs);
      rehearse(run, (second) => {
        trial.add(second);
        batchOf(trial);
      });
      metrics = new OtlpMetrics(run, intervalMs);
      const zeros = batchOf(metrics);
      if (!required) return delivery.add(zeros);
      const answer = await receiver.post(zeros);
      if (answer.kind !== 'taken') throw new Error(answer.reason);
      if (answer.rejected !== undefined) throw new Error(answer.rejected.reason);
    },
    event(event) {
      // After a long preparation, the first zeros lie outside the range of a `rate()`.
      if (metrics !== undefined && event.type === 'phase' && event.phase === 'run')
        delivery.add(batchOf(metrics));
    },
    second(second) {
      if (metrics === undefined) return;
      metrics.add(second);
      // The last ones are sent by `stop`, with the final judgement.
      if (second.judged !== undefined && !second.last) delivery.add(batchOf(metrics));
    },
    hurry: () => delivery.hurry(),
    async stop(result) {
      try {
        if (metrics !== undefined && result !== undefined) {
          metrics.end(result);
          delivery.add(batchOf(metrics));
        }
        await delivery.finish(finishMs(result));
      } finally {
        receiver.close();
      }
      reportLoss(delivery.loss, 'points');
    },
  };
}
