import type { Thresholds } from '@jarvis-load/engine';

/**
 * A threshold as k6 reads it: k6 has no units, measures times in milliseconds and rates as shares. Other units stay, and k6
 * refuses them.
 *
 * @example toK6Threshold('p(95)<500ms') // 'p(95)<500'
 * @example toK6Threshold('rate<1%') // 'rate<0.01'
 */
export function toK6Threshold(expression: string): string {
  return expression
    .replace(/(\d)\s*ms\s*$/, '$1')
    .replace(/(\d*\.?\d+)\s*%\s*$/, (_, percent: string) =>
      String(Number((Number(percent) / 100).toPrecision(15))),
    );
}

/** A threshold as options of k6 have it. */
export type K6Threshold =
  string | { readonly threshold: string; readonly abortOnFail: boolean; readonly delayAbortEval?: string };

/** Thresholds in k6's syntax: the tag `operation` of the native engine is k6's `name`. */
export function toK6Thresholds(thresholds: Thresholds): Record<string, K6Threshold[]> {
  return Object.fromEntries(
    Object.entries(thresholds).map(([metric, list]) => [
      metric.replace(/([{,]\s*)operation:/g, '$1name:'),
      list.map((one) =>
        typeof one === 'string'
          ? toK6Threshold(one)
          : {
              threshold: toK6Threshold(one.threshold),
              abortOnFail: one.abortOnFail ?? false,
              ...(one.delayAbortEval === undefined ? {} : { delayAbortEval: String(one.delayAbortEval) }),
            },
      ),
    ]),
  );
}
