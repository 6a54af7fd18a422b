import type { Now, Point } from '../../api/run-schema.ts';
import { type Hue, sparkline } from '@jarvis-load/charts';
import { count, latency, number, share } from '../format.ts';
import { isOn } from '../live.ts';
import { failedShareOf, rateOf } from './history-charts.ts';
import { toElement } from './svg.tsx';

const SPARK_POINTS = 120;

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly hue: Hue;
  readonly values: readonly (number | null)[];
}

/** Six numbers: the last second large while the run is on, the whole run afterwards. */
function figures(now: Now, points: readonly Point[]): readonly Figure[] {
  const last = points.at(-1);
  const recent = points.slice(-SPARK_POINTS);
  const on = isOn.value;
  // Only of a run that was cut off the page has no rate of the document.
  const mean = now.requestsPerSecond ?? (now.elapsedMs === 0 ? 0 : now.requests / (now.elapsedMs / 1000));
  const failedShare = now.requests === 0 ? null : now.failed / now.requests;
  const quantile = (name: 'p50Ms' | 'p95Ms' | 'p99Ms', hue: Hue): Figure => ({
    name: `Response time ${name.slice(0, 3)}`,
    value: latency(on ? last?.[name] : now[name]),
    note: on ? `run ${latency(now[name])}` : 'of the run',
    hue,
    values: recent.map((point) => point[name]),
  });
  return [
    {
      name: 'Requests/s',
      value: number(on && last !== undefined ? rateOf(last) : mean),
      note: `${count(now.requests)} in all`,
      hue: 'ok',
      values: recent.map(rateOf),
    },
    {
      name: 'Failed',
      value: share(on && last !== undefined ? failedShareOf(last) : failedShare),
      note: `${count(now.failed)} in all${on ? `, ${share(failedShare)}` : ''}`,
      hue: 'server-error',
      values: recent.map(failedShareOf),
    },
    quantile('p50Ms', 'p50'),
    quantile('p95Ms', 'p95'),
    quantile('p99Ms', 'p99'),
    {
      name: 'Users',
      value: on ? count(now.users) : count(Math.max(0, ...points.map(({ users }) => users))),
      note: on
        ? `${count(now.targetUsers)} wanted${now.dropped > 0 ? `, ${count(now.dropped)} iterations dropped` : ''}`
        : `at most${now.dropped > 0 ? `, ${count(now.dropped)} iterations dropped` : ''}`,
      hue: 'users',
      values: recent.map(({ users }) => users),
    },
  ];
}

export function KeyFigures({ now, points }: { readonly now: Now; readonly points: readonly Point[] }) {
  return (
    <section aria-label={isOn.value ? 'Last second' : 'Whole run'}>
      <dl class="figures">
        {figures(now, points).map(({ name, value, note, hue, values }) => (
          <div key={name} class="figure">
            <dt>{name}</dt>
            <dd class="figure-value">{value}</dd>
            <dd class="note">{note}</dd>
            <dd aria-hidden="true">{toElement(sparkline(values, hue))}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
