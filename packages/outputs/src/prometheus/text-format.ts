import type { Family, FamilyType, Labels, Series } from '../metrics/family.ts';
import { BOUNDS_SECONDS } from '../metrics/bucket-counts.ts';

/*
 * Families as text for a scrape. Must hold: every histogram has the bounds of `BOUNDS_SECONDS`, since `le` is written from them;
 * one `Beginnings` per run is given to every call, which looks up each `Series` in it by identity, in both formats.
 */

/** `openmetrics`: OpenMetrics 1.0; `text`: Prometheus' text format 0.0.4. */
export type TextFormat = 'openmetrics' | 'text';

export const CONTENT_TYPES: Readonly<Record<TextFormat, string>> = {
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  text: 'text/plain; version=0.0.4; charset=utf-8',
};

const TYPE_WORDS: Readonly<Record<TextFormat, Readonly<Record<FamilyType, string>>>> = {
  openmetrics: { counter: 'counter', gauge: 'gauge', histogram: 'histogram', unknown: 'unknown' },
  text: { counter: 'counter', gauge: 'gauge', histogram: 'histogram', unknown: 'untyped' },
};

/** The values of `le`, as OpenMetrics writes numbers: `1.0`. */
export const LE_VALUES: readonly string[] = [
  ...BOUNDS_SECONDS.map((bound) => (Number.isInteger(bound) ? `${bound}.0` : String(bound))),
  '+Inf',
];

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function written(name: string, labels: Labels): string {
  const inside = labels.map(([label, value]) => `${label}="${escapeValue(value)}"`).join(',');
  return inside === '' ? `${name} ` : `${name}{${inside}} `;
}

/** Beginnings of the lines of each series, which never change. Not weak: the collector would visit each entry again and again. */
export type Beginnings = Map<Series, readonly string[]>;

function beginningsOf(family: Family, series: Series, beginnings: Beginnings): readonly string[] {
  let found = beginnings.get(series);
  if (found === undefined) {
    const { name, type } = family;
    const { labels, buckets } = series;
    if (buckets === undefined) found = [written(type === 'counter' ? `${name}_total` : name, labels)];
    else
      found = [
        ...LE_VALUES.map((le) => written(`${name}_bucket`, [...labels, ['le', le]])),
        written(`${name}_count`, labels),
        written(`${name}_sum`, labels),
      ];
    beginnings.set(series, found);
  }
  return found;
}

const NONE: ReadonlySet<Series> = new Set();

/**
 * The families as text for a scrape.
 * @param beginnings those written so far, kept from page to page of a run
 * @param zeros series that are written as 0
 */
export function writeText(
  families: readonly Family[],
  format: TextFormat,
  beginnings: Beginnings = new Map(),
  zeros = NONE,
): string {
  let text = '';
  for (const family of families) {
    const shown = family.series.filter(({ present }) => present);
    if (shown.length === 0) continue;
    const { name, type, help } = family;
    const head = type === 'counter' && format === 'text' ? `${name}_total` : name;
    text += `# HELP ${head} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`;
    text += `# TYPE ${head} ${TYPE_WORDS[format][type]}\n`;
    for (const series of shown) {
      const lines = beginningsOf(family, series, beginnings);
      const { buckets } = series;
      if (zeros.has(series)) for (const line of lines) text += `${line}0\n`;
      else if (buckets === undefined) text += `${lines[0]}${series.value}\n`;
      else {
        let below = 0;
        for (let place = 0; place < LE_VALUES.length; place++) {
          below += buckets.counts[place]!;
          text += `${lines[place]}${below}\n`;
        }
        text += `${lines[LE_VALUES.length]}${buckets.count}\n${lines[LE_VALUES.length + 1]}${buckets.sumSeconds}\n`;
      }
    }
  }
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}
