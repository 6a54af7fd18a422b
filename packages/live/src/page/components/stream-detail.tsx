import type { TimePanel } from '@jarvis-load/charts';
import type { StreamPoint, StreamRow } from '../../api/run-schema.ts';
import { live } from '../live.ts';
import { LiveChart } from './live-chart.tsx';
import { useCourse } from './use-course.ts';

function panels(points: readonly StreamPoint[]): readonly TimePanel[] {
  const judged = points.some((point) => point.judged > 0);
  return [
    {
      title: 'First token, ms from the intended start',
      height: 150,
      kind: 'lines',
      series: [
        { name: 'TTFT p95', hue: 'p95', values: points.map(({ p95Ms }) => p95Ms) },
        { name: 'TTFT p50', hue: 'p50', stroke: 'dashed', values: points.map(({ p50Ms }) => p50Ms) },
      ],
    },
    {
      title: 'Tokens/s',
      height: 80,
      kind: 'steps',
      series: [
        {
          name: 'tokens/s',
          hue: 'p50',
          values: points.map(({ tokens, durationMs }) => tokens / (Math.max(durationMs, 1) / 1000)),
        },
      ],
    },
    ...(judged
      ? [
          {
            title: 'Good streams, %',
            height: 70,
            kind: 'lines' as const,
            series: [
              {
                name: 'good, %',
                hue: 'users' as const,
                values: points.map((point) =>
                  point.judged === 0 ? null : (100 * point.good) / point.judged,
                ),
              },
            ],
          },
        ]
      : []),
  ];
}

/** The course of one streamed operation. */
export function StreamDetail({ row }: { readonly row: StreamRow }) {
  const course = useCourse(row);
  if (course === undefined) return <p class="empty">Loading …</p>;
  const points = course?.streams ?? null;
  if (points === null) return <p class="empty">No course of the streams of {row.operation} is known.</p>;
  return (
    <LiveChart
      title={`Streams of ${row.operation}`}
      atSeconds={points.map(({ atMs, durationMs }) => (atMs + durationMs) / 1000)}
      panels={panels(points)}
      marks={live.value?.marks ?? []}
    />
  );
}
