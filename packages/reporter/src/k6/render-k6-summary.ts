import { createHash } from 'node:crypto';
import type { CheckResult, MetricResult, RunResult, ThresholdResult } from '@jarvis-load/engine/result';
import { jsonText } from '../escape/json.ts';

interface K6CheckOut {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  passes: number;
  fails: number;
}

interface K6Group {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: Record<string, K6Group>;
  readonly checks: Record<string, K6CheckOut>;
}

/** Statistics of a trend that k6 exports by default. */
const TREND = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'] as const;

/**
 * The run as `k6 run --summary-export` writes one (k6: internal/js/summary-legacy.go): `root_group` with the checks, and flat
 * `metrics`. A threshold is `true` when it failed, in k6's words; one that was neither kept nor broken, such as one that too few
 * samples prove, is left out.
 */
export function renderK6Summary({ metrics, thresholds, checks }: RunResult): string {
  // Names are text from elsewhere: `__proto__` is one like any other.
  const byName = Object.create(null) as Record<string, Record<string, unknown>>;
  for (const metric of metrics) byName[nameOf(metric)] = valuesOf(metric);
  for (const threshold of thresholds) {
    const failed = failedOf(threshold);
    if (failed === undefined) continue;
    const metric = (byName[thresholdMetric(threshold)] ??= {});
    const judged = (metric['thresholds'] ??= {}) as Record<string, boolean>;
    judged[threshold.expression] = failed;
  }
  return `${jsonText({ root_group: groupsOf(checks), metrics: byName }, 4)}\n`;
}

function nameOf({ name, scenario }: MetricResult): string {
  return scenario === null ? name : `${name}{scenario:${scenario}}`;
}

function thresholdMetric({ metric, scenario }: ThresholdResult): string {
  if (scenario === null || metric.includes('{')) return metric;
  return `${metric}{scenario:${scenario}}`;
}

function failedOf({ status }: ThresholdResult): boolean | undefined {
  if (status === 'pass') return false;
  // No data is never a pass; k6 would pass it.
  return status === 'fail' || status === 'no-data' ? true : undefined;
}

function valuesOf({ kind, values }: MetricResult): Record<string, unknown> {
  if (kind === 'rate') {
    const { rate = null, passes = 0, fails = 0 } = values;
    return { passes, fails, value: rate ?? 0 };
  }
  if (kind === 'trend') {
    const isEmpty = Object.entries(values).every(([name, value]) => name === 'count' || value === null);
    // k6 writes 0 where there was no sample. What a summary left out of the samples stays out.
    const told = TREND.filter((name) => isEmpty || typeof values[name] === 'number');
    return Object.fromEntries(told.map((name) => [name, values[name] ?? 0]));
  }
  if (kind === 'counter') return { count: values['count'] ?? 0, rate: values['rate'] ?? 0 };
  const value = values['value'] ?? 0;
  return { value, min: values['min'] ?? value, max: values['max'] ?? value };
}

/** Groups of k6 are the parts of a check's name before `::`; the same check of several scenarios is one. */
function groupsOf(checks: readonly CheckResult[]): K6Group {
  const root = groupAt('', '');
  for (const { name, passes, fails } of checks) {
    const parts = name.split('::');
    const own = parts.pop() ?? name;
    let group = root;
    for (const part of parts) group = group.groups[part] ??= groupAt(part, `${group.path}::${part}`);
    const path = `${group.path}::${own}`;
    const check = (group.checks[own] ??= { name: own, path, id: idOf(path), passes: 0, fails: 0 });
    check.passes += passes;
    check.fails += fails;
  }
  return root;
}

function groupAt(name: string, path: string): K6Group {
  // Names are text from elsewhere: `__proto__` is one like any other.
  const record = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;
  return { name, path, id: idOf(path), groups: record(), checks: record() };
}

function idOf(path: string): string {
  return createHash('md5').update(path).digest('hex');
}
