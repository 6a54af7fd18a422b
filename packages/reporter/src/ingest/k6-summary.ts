/** What k6 says at its end: `--summary-export`, or the data of `handleSummary`. */
export interface K6Summary {
  /** k6's values by metric or selection. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** k6's verdicts: metric or selection, expression, whether it holds. */
  readonly thresholds: readonly {
    readonly metric: string;
    readonly expression: string;
    readonly ok: boolean;
  }[];
  /** From start of `setup` to end of `teardown`; `undefined` where it cannot be told. */
  readonly durationMs: number | undefined;
}

/** Reads either form of k6's summary; `undefined` when it is neither. `setup_data` is not looked at: it holds tokens. */
export function readSummary(json: unknown): K6Summary | undefined {
  if (!isRecord(json) || !isRecord(json['metrics'])) return undefined;
  const metrics: Record<string, Record<string, number>> = {};
  const thresholds: { metric: string; expression: string; ok: boolean }[] = [];
  for (const [name, metric] of Object.entries(json['metrics'])) {
    if (!isRecord(metric)) continue;
    // handleSummary has the values in `values` and {ok}; the export has them flat, and true for a failed threshold.
    const values = isRecord(metric['values']) ? metric['values'] : metric;
    metrics[name] = Object.fromEntries(
      Object.entries(values).filter((pair): pair is [string, number] => typeof pair[1] === 'number'),
    );
    const judged = metric['thresholds'];
    if (!isRecord(judged)) continue;
    for (const [expression, verdict] of Object.entries(judged)) {
      const ok = isRecord(verdict) ? verdict['ok'] : typeof verdict === 'boolean' ? !verdict : undefined;
      if (typeof ok === 'boolean') thresholds.push({ metric: name, expression, ok });
    }
  }
  return { metrics, thresholds, durationMs: durationOf(json, metrics) };
}

function durationOf(
  json: Record<string, unknown>,
  metrics: Readonly<Record<string, Readonly<Record<string, number>>>>,
): number | undefined {
  const state = json['state'];
  if (isRecord(state) && typeof state['testRunDurationMs'] === 'number') return state['testRunDurationMs'];
  // The export does not say it, but each of its counters is count / duration.
  for (const { count, rate } of Object.values(metrics)) {
    if (count !== undefined && rate !== undefined && count > 0 && rate > 0) return (count / rate) * 1000;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
