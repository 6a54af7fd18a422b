/**
 * Light colours of the series, by name. They are written into the markup, so that a chart has its colours where style
 * sheets are removed (Jenkins, mail). A new one needs `--chart-<name>` in `tokens.css`, which overrides it, and `.hue-<name>` in
 * `charts.css`; a test holds all three to be the same.
 */
export const PALETTE = {
  ok: '#2b62d9',
  'rate-limited': '#b26b00',
  'server-error': '#c4302b',
  'client-error': '#b0298a',
  unauthorized: '#0f7f8c',
  timeout: '#7a3ee0',
  'connection-error': '#6b5b4b',
  'invalid-body': '#5c7a00',
  p50: '#1a9079',
  p95: '#2b62d9',
  p99: '#8b3fd1',
  users: '#4d6a94',
  target: '#6e727a',
  limit: '#c4302b',
  grid: '#e3e3de',
} as const;

/** Name of a colour. */
export type Hue = keyof typeof PALETTE;

/** Line pattern, so that lines can be told apart without colour. */
export type Stroke = 'solid' | 'dashed' | 'dotted';

/** Values of `stroke-dasharray`; no attribute for solid lines. */
export const DASHES: Readonly<Record<Stroke, string | undefined>> = {
  solid: undefined,
  dashed: '7 4',
  dotted: '2 3',
};

/** Attributes of a line in a colour. The line keeps its width when the chart is stretched. */
export function lineAttributes(hue: Hue, stroke: Stroke = 'solid', width = 1.75) {
  return {
    class: `chart-line hue-${hue}`,
    fill: 'none',
    stroke: PALETTE[hue],
    'stroke-width': width,
    'stroke-dasharray': DASHES[stroke],
    'stroke-linejoin': 'round',
    'stroke-linecap': stroke === 'solid' ? 'round' : undefined,
    'vector-effect': 'non-scaling-stroke',
  };
}
