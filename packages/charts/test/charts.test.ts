import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  distributionChart,
  heatMap,
  percentileChart,
  placeRow,
  scatterChart,
  sparkline,
  timeChart,
  toMarkup,
  type SvgNode,
  type TimeChart,
} from '../src/index.ts';
import { logTicks } from '../src/ticks.ts';

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
    expect(pathOf(limit)).toBe('M0 15H1000');
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

  it('keeps labels of limits at the top of the area inside it, and apart', () => {
    const limits = [9000, 9001, 9002].map((value) => ({ label: `< ${value}`, value }));
    const panel = { ...chart().panels[0]!, limits };
    const node = timeChart(chart({ panels: [panel] }));
    const heights = byClass(node, 'chart-limit-text').map(({ attributes }) => Number(attributes['y']));
    const top = Number(byClass(node, 'chart-area')[0]?.attributes['y']);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(top + 10);
    expect(heights.every((y, i) => i === 0 || (heights[i - 1] ?? 0) - y >= 11)).toBe(true);
  });

  it('names stages above the area, where no label of a limit or of the axis is', () => {
    const bands = [
      { fromSeconds: 0, toSeconds: 5, label: 'to 20' },
      { fromSeconds: 5, toSeconds: 9.9, label: 'hold 20' },
      { fromSeconds: 9.9, toSeconds: 10, label: 'to 0' },
    ];
    const panel = { ...chart().panels[0]!, limits: [{ label: 'p95 < 900 ms', value: 900 }] };
    const node = timeChart(chart({ bands, panels: [panel] }));
    const names = byClass(node, 'chart-band-text');
    // The last stage is a hundredth of the run: its name has no room in any chart.
    expect(names.map(({ children }) => children[0])).toEqual(['to 20', 'hold 20']);
    const area = byClass(node, 'chart-area').at(-1);
    for (const { attributes } of names)
      expect(Number(attributes['y'])).toBeLessThan(Number(area?.attributes['y']));
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
    const [line, dots] = byClass(timeChart(chart({ panels: [panel] })), 'chart-line');
    expect(pathOf(line)).toMatch(/^M0,\S+h0M1000,\S+h0$/);
    expect(pathOf(dots)).toMatch(/^M0 \S+h0M1000 \S+h0$/);
    expect(dots?.attributes['stroke-width']).toBeGreaterThan(4);
  });

  it('holds the value of an interval from its start to its end, wherever its time lies', () => {
    const series = [{ name: 'users', hue: 'users' as const, stroke: 'dashed' as const, values: [6, 0, 0] }];
    const panels = [{ title: 'Users', height: 100, kind: 'steps' as const, series }];
    const drawn = (parts: Partial<TimeChart>) =>
      pathOf(byClass(timeChart(chart({ panels, ...parts })), 'chart-line')[0]);
    expect(drawn({ atSeconds: [4, 8, 10] })).toBe('M400,7.4L400,100L800,100L800,100L1000,100');
    expect(drawn({ atSeconds: [2, 6, 9], timesAt: 'middle' })).toMatch(/^M200,7.4L400,7.4L400,100/);
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

describe('labels of one row', () => {
  const long = fc.integer({ min: 1, max: 9 }).map((length) => '8'.repeat(length));
  const labels = fc.array(fc.record({ at: fc.double({ min: 0, max: 1000, noNaN: true }), text: long }), {
    maxLength: 14,
  });

  it('cover neither each other nor the edges, in a chart of any width', () => {
    fc.assert(
      fc.property(labels, fc.integer({ min: 260, max: 1400 }), (row, width) => {
        const shown = placeRow(row).filter(({ fromWidth }) => fromWidth <= width);
        let end = 0;
        for (const { at, text, anchor } of shown) {
          const pixels = text.length * 6.2; // Digits of Arial, 11 pixels high.
          const from = (at / 1000) * width - { start: 0, middle: pixels / 2, end: pixels }[anchor];
          expect(from).toBeGreaterThanOrEqual(end);
          end = from + pixels;
        }
        expect(end).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('has the first of two that are too close in a narrow chart, and both in a wide one', () => {
    const row = [{ at: 0, text: '0%' }, { at: 60, text: '50%' }, { at: 200, text: '90%' }]; // prettier-ignore
    expect(placeRow(row).map(({ text, fromWidth }) => [text, fromWidth])).toEqual([
      ['0%', 0],
      ['50%', 720],
      ['90%', 0],
    ]);
  });
});

describe('distributionChart', () => {
  it('writes the label of a limit on the side of its line that has room for it', () => {
    const buckets = [{ fromMs: 1, toMs: 10, count: 3 }, { fromMs: 10, toMs: 1000, count: 1 }]; // prettier-ignore
    const limits = [1.2, 900].map((value) => ({ label: `p95 < ${value} ms`, value }));
    const node = distributionChart({ description: '', title: '', buckets, limits });
    const anchors = byClass(node, 'chart-limit-text').map(({ attributes }) => attributes['text-anchor']);
    expect(anchors).toEqual(['end', 'start']);
  });

  it('begins the line of a lower limit below the label of a higher one, and has all limits inside', () => {
    const buckets = [{ fromMs: 100, toMs: 1000, count: 3 }];
    const limits = [400, 500, 20].map((value) => ({ label: `p95 < ${value} ms`, value }));
    const node = distributionChart({ description: '', title: '', buckets, limits });
    const labels = byClass(node, 'chart-limit-text').map(({ attributes }) => Number(attributes['y']) - 20);
    const lines = byClass(node, 'hue-limit').map((line) => /^M([\d.]+) (\d+)V/.exec(pathOf(line)));
    expect(lines.every((line) => Number(line?.[1]) > 0)).toBe(true);
    const tops = lines.map((line) => Number(line?.[2]));
    expect(tops.slice(1).every((top, index) => top >= labels[index]!)).toBe(true);
  });

  it.each([
    [3.1, 4.2],
    [1, 3000],
    [0.2, 9],
    [0.0001, 90_000],
  ])('has a scale from %d to %d ms', (fromMs, toMs) => {
    const node = distributionChart({ description: '', title: '', buckets: [{ fromMs, toMs, count: 1 }] });
    expect(byClass(node, 'chart-x').length).toBeGreaterThanOrEqual(2);
  });

  it('leaves out a limit that a logarithmic axis cannot have, such as that of `min>0`', () => {
    const buckets = [{ fromMs: 1, toMs: 2, count: 1 }];
    const limit = (value: number) => ({ label: 'min>0', value });
    const drawn = (limits: readonly { label: string; value: number }[]) =>
      toMarkup(distributionChart({ description: '', title: '', buckets, limits }));
    expect(drawn([limit(0), limit(-1), limit(5)])).toBe(drawn([limit(5)]));
    expect(drawn([limit(0)])).toBe(drawn([]));
    expect([logTicks(0, 10), logTicks(-1, 10), logTicks(Number.NaN, 10)]).toEqual([[], [], []]);
  });
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
