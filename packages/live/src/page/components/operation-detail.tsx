import { distributionChart, type Limit, type TimePanel } from '@jarvis-load/charts';
import type { Mark, OperationCourse, OperationRow, PromiseRow } from '../../api/run-schema.ts';
import { count, limitInUnit, words } from '../format.ts';
import { failedOf, failuresByOutcome } from '../failed-of.ts';
import { live } from '../live.ts';
import { operationOfSelector } from '../selector.ts';
import { LiveChart } from './live-chart.tsx';
import { Promises } from './promises.tsx';
import { toElement } from './svg.tsx';
import { useCourse } from './use-course.ts';

/*
 * One operation in detail. Must hold: its marks and thresholds are found by text: `<operation> ...` as `LiveOutput` writes marks,
 * and `operation:<name>` in a selector (`selector.ts`). What is a failure is decided by `failed-of.ts`.
 */

interface Props {
  readonly row: OperationRow;
  readonly promises: readonly PromiseRow[];
}

function panels({ points }: OperationCourse, limits: readonly Limit[]): readonly TimePanel[] {
  const perSecond = (durationMs: number, n: number): number => n / (Math.max(durationMs, 1) / 1000);
  return [
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
          values: points.map(({ durationMs, requests }) => perSecond(durationMs, requests)),
        },
        {
          name: 'failed/s',
          hue: 'server-error',
          stroke: 'dashed',
          values: points.map(({ durationMs, requests, outcomes }) =>
            perSecond(durationMs, failedOf({ requests, outcomes })),
          ),
        },
      ],
    },
  ];
}

/** Marks of promises begin with the operation that they are about, or have it in their selector. */
function isAbout({ kind, text }: Mark, operation: string): boolean {
  return kind !== 'threshold' || text.startsWith(`${operation} `) || operationOfSelector(text) === operation;
}

/** One operation: quantiles against its limits, rate, failures, distribution, and its promises. */
export function OperationDetail({ row, promises }: Props) {
  const course = useCourse(row);
  const own = promises.filter(
    ({ operation, label }) => operation === row.operation || operationOfSelector(label) === row.operation,
  );
  const limits = own
    .filter(({ unit }) => unit === 'ms')
    .map(({ label, limit, aspect, unit }) => ({
      label: aspect === null ? label.replace(/^.*} /, '') : `${label} < ${limitInUnit(limit, unit)}`,
      value: limit,
    }));
  const failures = failuresByOutcome(row.outcomes);
  return (
    <section class="detail" aria-labelledby="operation-title">
      <h2 id="operation-title">
        {row.operation} <span class="note">{row.scenario}</span>
      </h2>
      {course === undefined || course === null ? (
        <p class="empty">{course === null ? `No course of ${row.operation} is known.` : 'Loading …'}</p>
      ) : (
        <>
          <LiveChart
            title={`Course of ${row.operation}`}
            atSeconds={course.points.map(({ atMs, durationMs }) => (atMs + durationMs) / 1000)}
            panels={panels(course, limits)}
            marks={(live.value?.marks ?? []).filter((mark) => isAbout(mark, row.operation))}
          />
          {course.distribution.length === 0 ? null : (
            <figure class="chart">
              {toElement(
                distributionChart({
                  title: 'Distribution of response times, ms',
                  description: `Distribution of response times of ${row.operation}: p50, p95, p99 and max are in the table above`,
                  buckets: course.distribution,
                  limits,
                }),
              )}
            </figure>
          )}
        </>
      )}
      {failures.length === 0 ? null : (
        <p>Failed: {failures.map(([outcome, n]) => `${words(outcome)} ${count(n)}`).join(', ')}.</p>
      )}
      <Promises promises={own} />
    </section>
  );
}
