import { BUILTIN_METRICS } from '../metrics/builtin.ts';
import { customValues, type MetricCatalog } from '../metrics/metric-catalog.ts';
import { selectionOf } from '../metrics/selection.ts';
import { Histogram } from '../recorder/histogram.ts';
import { customKey, type Measures } from '../recorder/measures.ts';
import type { MetricValues } from '../thresholds/metric-values.ts';
import type { MetricResult } from '../document/schema.ts';

const EVERYTHING = selectionOf({});

/**
 * Every metric with k6's statistics: built-in ones for the run; declared ones over the scenarios that declare them and, if these are
 * several, for each. Values of a
 * `Histogram` are microseconds and become milliseconds; those of a `TrendHistogram` stay as scenario code recorded them.
 */
export function metricResults(catalog: MetricCatalog, total: Measures): MetricResult[] {
  const builtin = Object.entries(BUILTIN_METRICS).map(([name, { kind, unit, values }]) => ({
    name,
    kind,
    unit,
    scenario: null,
    values: statistics(values(total, EVERYTHING)),
    rejected: 0,
  }));
  const declared = [...catalog.declared.values()].flatMap((declaration) => {
    const { name, kind } = declaration;
    const unit = catalog.types.get(name)!.unit;
    const owners = total.run.scenarios.filter(({ metrics }) => metrics.has(name));
    const of = (scenarios: typeof owners, scenario: string | null): MetricResult => {
      const found = scenarios.flatMap(({ index }) => total.custom.get(customKey(index, name, -1)) ?? []);
      const values = statistics(
        customValues(declaration, total, (owner) => scenarios.some(({ index }) => index === owner.index)),
      );
      if (kind === 'gauge' && found.length > 0) {
        values['min'] = finite(Math.min(...found.map(({ min }) => min)));
        values['max'] = finite(Math.max(...found.map(({ max }) => max)));
      }
      return {
        name,
        kind,
        unit,
        scenario,
        values,
        rejected: found.reduce((sum, { rejected }) => sum + rejected, 0),
      };
    };
    const perScenario = owners.length > 1 ? owners.map((owner) => of([owner], owner.name)) : [];
    return [of(owners, owners.length === 1 ? owners[0]!.name : null), ...perScenario];
  });
  return [...builtin, ...declared];
}

function statistics(values: MetricValues): Record<string, number | null> {
  switch (values.kind) {
    case 'counter': {
      const { count, durationMs } = values;
      return { count, rate: durationMs > 0 ? (count * 1000) / durationMs : null };
    }
    case 'gauge':
      return { value: values.samples > 0 ? values.value : null };
    case 'rate': {
      const { passes, total } = values;
      return { rate: total > 0 ? passes / total : null, passes, fails: total - passes };
    }
    case 'trend': {
      const { distribution } = values;
      const scale = distribution instanceof Histogram ? 1000 : 1;
      const scaled = (value: number | undefined): number | null =>
        value === undefined ? null : value / scale;
      return {
        count: distribution.count,
        avg: scaled(distribution.mean),
        min: scaled(distribution.min),
        med: scaled(distribution.quantile(0.5)),
        max: scaled(distribution.max),
        'p(90)': scaled(distribution.quantile(0.9)),
        'p(95)': scaled(distribution.quantile(0.95)),
        'p(99)': scaled(distribution.quantile(0.99)),
      };
    }
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
