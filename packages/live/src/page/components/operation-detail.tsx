import type { OperationRow, PromiseRow } from '../../api/run-schema.ts';
import { operationPoints } from '../live.ts';
import { LiveChart } from './live-chart.tsx';
import { Promises } from './promises.tsx';
import { count, words } from '../format.ts';

interface Props {
  readonly row: OperationRow;
  readonly promises: readonly PromiseRow[];
}

/** One operation: quantiles against its limits, rate, failures, and its promises. */
export function OperationDetail({ row, promises }: Props) {
  const points = operationPoints.value.get(`${row.scenario} ${row.operation}`) ?? [];
  const own = promises.filter(
    ({ operation, label }) => operation === row.operation || label.includes(`operation:${row.operation}}`),
  );
  const limits = own
    .filter(({ unit }) => unit === 'ms')
    .map(({ label, limit }) => ({ label: label.replace(/^.*} /, ''), value: limit }));
  const failures = Object.entries(row.outcomes).filter(([outcome, n]) => outcome !== 'ok' && n > 0);
  return (
    <section aria-labelledby="operation-title">
      <h2 id="operation-title">
        {row.operation} <span class="note">{row.scenario}</span>
      </h2>
      {points.length === 0 ? (
        <p class="empty">No course of this operation was seen: its charts begin when this page is opened.</p>
      ) : (
        <LiveChart
          title={`Course of ${row.operation}`}
          atSeconds={points.map(({ atMs }) => atMs / 1000)}
          panels={[
            {
              title: 'Response time, ms',
              height: 150,
              kind: 'lines',
              limits,
              series: [
                { name: 'p95', hue: 'p95', values: points.map(({ p95Ms }) => p95Ms) },
                { name: 'p50', hue: 'p50', stroke: 'dashed', values: points.map(({ p50Ms }) => p50Ms) },
                { name: 'p99', hue: 'p99', stroke: 'dotted', values: points.map(({ p99Ms }) => p99Ms) },
              ],
            },
            {
              title: 'Requests/s',
              height: 90,
              kind: 'lines',
              series: [
                {
                  name: 'requests/s',
                  hue: 'ok',
                  values: points.map(({ requestsPerSecond }) => requestsPerSecond),
                },
                {
                  name: 'failed/s',
                  hue: 'server-error',
                  stroke: 'dashed',
                  values: points.map(({ failedPerSecond }) => failedPerSecond),
                },
              ],
            },
          ]}
        />
      )}
      {failures.length === 0 ? null : (
        <p>Failed: {failures.map(([outcome, n]) => `${words(outcome)} ${count(n)}`).join(', ')}.</p>
      )}
      <Promises promises={own} />
    </section>
  );
}
