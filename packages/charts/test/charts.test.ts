import { describe, expect, it } from 'vitest';
import {
  distributionChart,
  heatMap,
  percentileChart,
  scatterChart,
  sparkline,
  timeChart,
  toMarkup,
  type SvgNode,
  type TimeChart,
} from '../src/index.ts';

const HOSTILE = '</svg><script>alert(1)</script>"\u202e\u0000';

function find(node: SvgNode | string, matches: (node: SvgNode) => boolean): SvgNode[] {
  if (typeof node === 'string') return [];
  return [...(matches(node) ? [node] : []), ...node.children.flatMap((child) => find(child, matches))];
}
const byClass = (node: SvgNode, name: string) =>
  find(node, ({ attributes }) => String(attributes['class']).split(' ').includes(name));
const pathOf = (node: SvgNode | undefined): string => String(node?.attributes['d']);

const chart = (parts: Partial<TimeChart> = {}): TimeChart => ({
  description: 'latency',
  atSeconds: [0, 5, 10],
  toSeconds: 10,
  panels: [
    { title: 'ms', height: 100, kind: 'lines', series: [{ name: 'p95', hue: 'p95', values: [0, 50, 100] }] },
  ],
  ...parts,
});

describe('timeChart', () => {
  it('puts times across the whole area, and values below a little headroom', () => {
    const [line] = byClass(timeChart(chart()), 'chart-line');
    expect(pathOf(line)).toBe('M0,100L500,53.7L1000,7.4');
  });

  it('draws a limit at its value, with its label, and makes room for it above the values', () => {
    const panel = { ...chart().panels[0]!, limits: [{ label: 'p95 < 200 ms', value: 200 }] };
    const node = timeChart(chart({ panels: [panel] }));
    const [limit] = byClass(node, 'hue-limit');
    expect(pathOf(limit)).toBe('M0 7.4H1000');
    expect(byClass(node, 'chart-limit-text')[0]?.children).toEqual(['p95 < 200 ms']);
  });

  it('keeps labels of limits that are close to each other apart', () => {
    const limits = [200, 201, 202].map((value) => ({ label: `< ${value}`, value }));
    const values = [0, 5000, 10_000];
    const panel = { ...chart().panels[0]!, series: [{ name: 'p95', hue: 'p95' as const, values }], limits };
    const heights = byClass(timeChart(chart({ panels: [panel] })), 'chart-limit-text').map(({ attributes }) =>
      Number(attributes['y']),
    );
    expect(heights.every((y, i) => i === 0 || (heights[i - 1] ?? 0) - y >= 11)).toBe(true);
  });

  it.each([40, 70, 90, 110, 180])('has a scale whatever its values, %i pixels high', (height) => {
    for (const value of [0.3, 1, 2, 4, 10, 40, 100, 1900]) {
      const series = [{ name: 'users', hue: 'users' as const, values: [value, value, value] }];
      const node = timeChart(chart({ panels: [{ title: 'Users', height, kind: 'steps', series }] }));
      expect(byClass(node, 'chart-y').length, String(value)).toBeGreaterThan(0);
    }
  });

  it('says that there is no data, without an axis, and has an axis of 0 alone for zeros', () => {
    const drawn = (value: number | null) => {
      const series = [{ name: 'p95', hue: 'p95' as const, values: [value, value, value] }];
      const node = timeChart(chart({ panels: [{ ...chart().panels[0]!, series }] }));
      const said = toMarkup(node).includes('>no data<');
      return [said, ...byClass(node, 'chart-y').map(({ children }) => children?.[0])];
    };
    expect([drawn(null), drawn(0)]).toEqual([[true], [false, '0']]);
    expect(drawn(5)[0]).toBe(false);
  });

  it('writes no value over its heading', () => {
    const panel = { title: 'ms', height: 40, kind: 'lines' } as const;
    for (let top = 50; top < 500; top += 7) {
      const values = [0, 1, top];
      const node = timeChart(
        chart({ panels: [{ ...panel, series: [{ name: 'p95', hue: 'p95', values }] }] }),
      );
      const heading = Number(byClass(node, 'chart-heading')[0]?.attributes['y']);
      for (const { attributes } of byClass(node, 'chart-y'))
        expect(Number(attributes['y']) - heading, `${top}`).toBeGreaterThanOrEqual(11);
    }
  });

  it('interrupts a line where there is no value, and shows a lone value as a dot', () => {
    const panel = {
      ...chart().panels[0]!,
      series: [{ name: 'p95', hue: 'p95' as const, values: [10, null, 20] }],
    };
    const [line] = byClass(timeChart(chart({ panels: [panel] })), 'chart-line');
    expect(pathOf(line)).toMatch(/^M0,\S+h0M1000,\S+h0$/);
  });

  it('stacks areas, and draws stages as bands', () => {
    const series = [
      { name: 'ok', hue: 'ok', values: [50, 50, 50] },
      { name: 'timeout', hue: 'timeout', values: [50, 50, 50] },
    ] as const;
    const bands = [{ fromSeconds: 0, toSeconds: 5, label: 'to 20' }];
    const node = timeChart(chart({ bands, panels: [{ title: '/s', height: 108, kind: 'areas', series }] }));
    const lines = byClass(node, 'chart-line').map(pathOf);
    expect(lines).toEqual(['M0,58L500,58L1000,58', 'M0,8L500,8L1000,8']);
    expect(byClass(node, 'chart-band')[0]?.attributes).toMatchObject({ x: 0, width: 500 });
    expect(byClass(node, 'chart-band-text')[0]?.children).toEqual(['to 20']);
  });

  it('draws nothing and everything zero without an invalid number', () => {
    for (const values of [[], [0], [null], [0, 0, 0]]) {
      const atSeconds = values.map((_value, index) => index);
      const series = [{ name: 'p95', hue: 'p95' as const, values }];
      const panels = (['lines', 'areas', 'steps'] as const).map((kind) => ({
        title: '',
        height: 50,
        kind,
        series,
      }));
      expect(toMarkup(timeChart(chart({ atSeconds, toSeconds: 0, panels })))).not.toMatch(
        /NaN|Infinity|undefined/,
      );
    }
  });
});

describe('every chart', () => {
  const limits = [{ label: HOSTILE, value: 50 }];
  const points = [{ share: 0.5, ms: 10 }, { share: 0.99, ms: 100 }]; // prettier-ignore
  const charts: Record<string, SvgNode> = {
    time: timeChart(
      chart({
        description: HOSTILE,
        panels: [
          {
            title: HOSTILE,
            height: 50,
            kind: 'lines',
            limits,
            series: [{ name: HOSTILE, hue: 'p95', values: [1, 2, 3] }],
          },
        ],
      }),
    ),
    percentiles: percentileChart({
      description: HOSTILE,
      title: HOSTILE,
      limits,
      curves: [{ name: HOSTILE, hue: 'p95', points }],
    }),
    distribution: distributionChart({
      description: HOSTILE,
      title: HOSTILE,
      limits,
      buckets: [{ fromMs: 1, toMs: 10, count: 3 }],
    }),
    heat: heatMap({
      description: HOSTILE,
      title: HOSTILE,
      edgesMs: [1, 10, 100, 1000],
      columns: [{ fromSeconds: 0, toSeconds: 1, counts: [1, 3] }],
      toSeconds: 1,
    }),
    scatter: scatterChart({
      description: HOSTILE,
      title: HOSTILE,
      limits,
      series: [{ name: HOSTILE, hue: 'p95', points: [{ load: 1, ms: 2 }, { load: 2, ms: null }] }], // prettier-ignore
    }),
    spark: sparkline([1, null, 3], 'p95'),
  };

  it.each(Object.keys(charts))('escapes all text: %s', (name) => {
    const markup = toMarkup(charts[name]!);
    expect(markup).not.toContain('<script');
    expect(markup).not.toMatch(/\u202e|\p{Cc}/u);
    expect(markup).not.toMatch(/NaN|Infinity/);
    expect(markup.match(/<\/?svg/g)?.length).toBe(4);
  });

  it.each(Object.keys(charts).filter((name) => name !== 'spark'))(
    'has a description, and its colours without a style sheet: %s',
    (name) => {
      const node = charts[name]!;
      expect(node.attributes).toMatchObject({ role: 'img', 'aria-label': HOSTILE, width: '100%' });
      for (const { attributes } of find(node, ({ tag }) => tag === 'path')) {
        expect(attributes['fill'] === 'none' ? attributes['stroke'] : attributes['fill']).toMatch(/^#/);
      }
      for (const { attributes } of find(node, ({ tag }) => tag === 'text'))
        expect(attributes['fill']).toMatch(/^#/);
    },
  );
});

describe('percentileChart', () => {
  it('puts 90, 99 and 99.9 % equally far apart', () => {
    const points = [0, 0.9, 0.99, 0.999].map((share) => ({ share, ms: 10 }));
    const node = percentileChart({ description: '', title: '', curves: [{ name: '', hue: 'p95', points }] });
    const xs = [...pathOf(byClass(node, 'chart-line')[0]).matchAll(/[ML]([\d.]+),/g)].map(([, x]) =>
      Number(x),
    );
    expect(xs).toEqual([0, 333.3, 666.7, 1000]);
  });
});

describe('heatMap', () => {
  it('shades by the share of a column, not by its count', () => {
    const columns = [
      { fromSeconds: 0, toSeconds: 1, counts: [0, 10] },
      { fromSeconds: 1, toSeconds: 2, counts: [0, 1000] },
    ];
    const node = heatMap({ description: '', title: '', edgesMs: [1, 10, 100, 1000], columns, toSeconds: 2 });
    const fills = byClass(node, 'chart-fill');
    expect(fills.map(({ attributes }) => attributes['fill-opacity'])).toEqual([1]);
    expect(pathOf(fills[0]).match(/M/g)?.length).toBe(2);
  });
});
