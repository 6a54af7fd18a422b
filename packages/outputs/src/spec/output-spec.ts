/** Kinds of outputs, as `--out <kind>=<where>` names them. */
export const OUTPUT_KINDS = ['ndjson', 'csv', 'prometheus', 'prometheus-rw', 'influxdb', 'otlp'] as const;
/** One of the kinds of outputs. */
export type OutputKind = (typeof OUTPUT_KINDS)[number];

/** An example of each kind. */
export const OUTPUT_EXAMPLES: Readonly<Record<OutputKind, string>> = {
  ndjson: 'ndjson=run.ndjson',
  csv: 'csv=run.csv',
  prometheus: 'prometheus=:9464',
  'prometheus-rw': 'prometheus-rw=http://127.0.0.1:9090/api/v1/write',
  influxdb: 'influxdb=http://127.0.0.1:8086/k6',
  otlp: 'otlp=http://127.0.0.1:4318',
};

/** Kinds that send to a receiver, and may need credentials for it. */
export const SENDING_KINDS = ['prometheus-rw', 'influxdb', 'otlp'] as const satisfies readonly OutputKind[];
/** One of them. */
export type SendingKind = (typeof SENDING_KINDS)[number];

/** Where points of InfluxDB go. */
export type InfluxPlace =
  | { readonly version: 1; readonly database: string }
  | { readonly version: 2; readonly bucket: string; readonly org: string | undefined };

/** A checked `--out`. URLs hold no credentials. */
export type OutputSpec =
  | { readonly kind: 'ndjson' | 'csv'; readonly path: string }
  | { readonly kind: 'prometheus'; readonly host: string; readonly port: number }
  | { readonly kind: 'prometheus-rw' | 'otlp'; readonly url: URL }
  /** `url`: origin and path prefix. */
  | { readonly kind: 'influxdb'; readonly url: URL; readonly place: InfluxPlace };
