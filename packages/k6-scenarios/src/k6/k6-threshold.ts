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
