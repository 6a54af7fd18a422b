import type { RunInfo, RunResult, RunSnapshot } from '@jarvis-load/engine';
import type { FamilySet, Series } from './family.ts';

/*
 * Thresholds and objectives as gauges. Must hold: values with unit ms, and objectives whose aspect begins with `p`, become
 * seconds; all others keep their unit. `add` gets the promises as they stand, `end` the final ones, once, after the last `add`: a
 * second call would add the series of the verdict again.
 */

type Threshold = RunSnapshot['thresholds'][number] | RunResult['thresholds'][number];
type Objective = RunResult['objectives'][number];

const OK_HELP =
  '1: holds; 0: failed; absent: not decided, such as no data, too few samples, or limited by the machine; NaN: no longer decided.';

interface Judged {
  readonly limit: Series;
  readonly value: Series;
  readonly ok: Series;
}

function add(
  set: FamilySet,
  kind: 'threshold' | 'objective',
  labels: Readonly<Record<string, string>>,
): Judged {
  const family = (what: string, help: string) =>
    set.add({ name: `jarvis_load_${kind}_${what}`, type: 'gauge', help }, labels);
  return {
    limit: family('limit', 'The limit; times are seconds.'),
    value: family('value', 'What was measured over the run so far; times are seconds.'),
    ok: undecided(family('ok', OK_HELP)),
  };
}

function undecided(series: Series): Series {
  series.set(null);
  return series;
}

function update(
  judged: Judged,
  status: string,
  limit: number,
  measured: number | null,
  perUnit: number,
): void {
  judged.limit.set(limit / perUnit);
  judged.value.set(measured === null ? null : measured / perUnit);
  if (status === 'pass' || status === 'fail') judged.ok.set(status === 'pass' ? 1 : 0);
  // Absent until it was decided once.
  else if (judged.ok.present) judged.ok.withdraw();
}

/** Thresholds and objectives as they stand, and at the end the verdict. */
export class JudgementMetrics {
  readonly #set: FamilySet;
  readonly #judged = new Map<string, Judged>();

  constructor(set: FamilySet, run: RunInfo) {
    this.#set = set;
    // The limits are shown before the first sample.
    for (const { metric, expression, scenario, limit, unit } of run.thresholds)
      this.#threshold({ metric, expression, scenario, limit, unit, measured: null, status: 'no-data' });
  }

  add({ thresholds, objectives }: Pick<RunSnapshot, 'thresholds' | 'objectives'>): void {
    for (const threshold of thresholds) this.#threshold(threshold);
    for (const objective of objectives) this.#objective(objective);
  }

  /** The final judgement. */
  end(result: RunResult): void {
    for (const threshold of result.thresholds) this.#threshold(threshold);
    for (const objective of result.objectives) this.#objective(objective);
    const family = {
      name: 'jarvis_load_verdict',
      type: 'gauge',
      help: 'After the end of the run: 1 for its verdict, 0 for the others.',
    } as const;
    for (const verdict of ['pass', 'fail', 'not-valid'])
      this.#set.add(family, { verdict }).value = result.verdict.status === verdict ? 1 : 0;
  }

  #threshold(
    threshold: Pick<
      Threshold,
      'metric' | 'expression' | 'scenario' | 'limit' | 'unit' | 'measured' | 'status'
    >,
  ): void {
    const { metric, expression, unit } = threshold;
    const scenario = threshold.scenario ?? '';
    const ms = unit === 'ms';
    const judged = this.#of(`t ${metric} ${expression} ${scenario}`, 'threshold', {
      metric,
      expression,
      scenario,
      unit: ms ? 'seconds' : unit,
    });
    update(judged, threshold.status, threshold.limit, threshold.measured, ms ? 1000 : 1);
  }

  #objective({ operation, aspect, status, limit, measured }: Objective): void {
    const judged = this.#of(`o ${operation} ${aspect}`, 'objective', { operation, aspect });
    update(judged, status, limit, measured, aspect.startsWith('p') ? 1000 : 1);
  }

  #of(key: string, kind: 'threshold' | 'objective', labels: Readonly<Record<string, string>>): Judged {
    let judged = this.#judged.get(key);
    if (judged === undefined) this.#judged.set(key, (judged = add(this.#set, kind, labels)));
    return judged;
  }
}
