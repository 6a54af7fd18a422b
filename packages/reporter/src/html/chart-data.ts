/** Colour of a series: the custom property `--chart-<hue>` of the style sheet. */
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

/** Line pattern, so that lines can be told apart without colour. */
export type Stroke = 'solid' | 'dashed' | 'dotted';

/** One line or area. */
export interface ChartSeries {
  readonly label: string;
  readonly hue: Hue;
  readonly stroke: Stroke;
  readonly values: readonly (number | null)[];
}

/** A chart as data: drawn by the script and listed in the table behind it. */
export interface ChartData {
  readonly id: string;
  readonly unit: 'ms' | 'perSecond' | 'users' | 'value';
  readonly kind: 'lines' | 'areas' | 'steps';
  /** Time of each value: seconds since the start of the run. */
  readonly xSeconds: readonly number[];
  readonly endSeconds: number;
  readonly series: readonly ChartSeries[];
  /** Horizontal lines. */
  readonly limits: readonly { readonly label: string; readonly value: number }[];
}
