import { resolve } from 'node:path';
import type { Exporter } from './exporter.ts';
import type { ExporterContext } from './output-context.ts';
import type { OutputSpec } from './spec/output-spec.ts';

/**
 * The output of a spec, not started. Its code, and the libraries it needs, are loaded here and not before: no file
 * that `worker.ts` loads imports an output statically.
 * @throws OutputError for credentials that cannot be used
 */
export async function createExporter(spec: OutputSpec, context: ExporterContext): Promise<Exporter> {
  switch (spec.kind) {
    case 'ndjson': {
      const { ndjsonOutput } = await import('./files/ndjson-output.ts');
      return ndjsonOutput(resolve(context.cwd, spec.path), context.manyRuns);
    }
    case 'csv': {
      const { csvOutput } = await import('./files/csv-output.ts');
      return csvOutput(resolve(context.cwd, spec.path), context.manyRuns);
    }
    case 'prometheus': {
      const { prometheusOutput } = await import('./prometheus/prometheus-output.ts');
      return prometheusOutput(spec.host, spec.port, context);
    }
    case 'prometheus-rw': {
      const { remoteWriteOutput } = await import('./remote-write/remote-write-output.ts');
      return remoteWriteOutput(spec.url, context);
    }
    case 'influxdb': {
      const { influxOutput } = await import('./influxdb/influx-output.ts');
      return influxOutput(spec.url, spec.place, context);
    }
    case 'otlp': {
      const { otlpOutput } = await import('./otlp/otlp-output.ts');
      return otlpOutput(spec.url, context);
    }
  }
}
