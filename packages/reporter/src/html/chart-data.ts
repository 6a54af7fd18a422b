/** Colour of a series: a custom property `--chart-<hue>` of the style sheet. */
export type Hue =
  | 'ok'
  | 'rate-limited'
  | 'server-error'
  | 'client-error'
  | 'unauthorized'
  | 'timeout'
  | 'connection-error'
  | 'invalid-body'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'users'
  | 'target';

/** Line pattern, so that lines differ without colour. */
export type Stroke = 'solid' | 'dashed' | 'dotted';

/** One line or area. */
export interface ChartSeries {
  readonly label: string;
  readonly hue: Hue;
  readonly stroke: Stroke;
  readonly values: readonly (number | null)[];
}

/** A chart as data: what the script draws and what the table behind it lists. */
export interface ChartData {
  readonly id: string;
  readonly unit: 'ms' | 'perSecond' | 'users' | 'value';
  readonly kind: 'lines' | 'areas' | 'steps';
  /** Where each value stands: seconds since the start of the run. */
  readonly xSeconds: readonly number[];
  readonly endSeconds: number;
  readonly series: readonly ChartSeries[];
  /** Horizontal lines. */
  readonly limits: readonly { readonly label: string; readonly value: number }[];
}
