import type { CapacityReport, CapacityStep, StepFigures, StreamFigures } from '@jarvis-load/capacity';
import { curveChart, type Curve, type Hue, type Stroke } from '@jarvis-load/charts';
import { stillChart, type ChartView } from '../html/chart-view.ts';

/** Response time, errors and throughput over the load: one point per level, of its last run that counts. */
export function capacityCharts({ rounds, unit }: CapacityReport): ChartView[] {
  const steps = rounds.flatMap((round) => round.steps);
  const byLevel = new Map<number, CapacityStep>();
  for (const step of steps)
    if (step.status !== 'busy' && step.figures !== null) byLevel.set(step.level, step);
  const points = [...byLevel.values()].toSorted((a, b) => a.level - b.level);
  if (points.length === 0) return [];
  const marks = rounds.flatMap(({ answer }) =>
    answer !== null && (answer.kind === 'found' || answer.kind === 'at-least') ? answer.level : [],
  );
  const what = unit === 'users' ? 'users' : 'iterations/s asked for';
  const curve = (
    name: string,
    hue: Hue,
    read: (figures: StepFigures) => number | null,
    stroke: Stroke = 'solid',
  ): Curve => ({
    name,
    hue,
    stroke,
    points: points.map(({ level, figures }) => ({ x: level, y: figures === null ? null : read(figures) })),
  });
  const chart = (
    id: string,
    title: string,
    caption: string,
    axis: string,
    curves: readonly Curve[],
    logarithmic = false,
  ): ChartView =>
    stillChart(
      { id, title, caption },
      curveChart({
        description: `${title} over ${what}; the numbers are in the table of the steps.`,
        title: `${axis}, by ${what}`,
        curves,
        logarithmic,
        marks,
      }),
      curves.map(({ name, hue, stroke = 'solid' }) => ({ name, hue, stroke })),
    );
  const ofStreams = (read: (streams: StreamFigures) => number | null) => (figures: StepFigures) =>
    figures.streams === undefined ? null : read(figures.streams);
  const operation = points.find(({ figures }) => figures?.streams !== undefined)?.figures?.streams?.operation;
  const streamCharts =
    operation === undefined
      ? []
      : [
          chart(
            'ttft',
            'Time to first token',
            `Of ${operation}, from the intended start; a logarithmic axis.`,
            'ms',
            [
              curve(
                'p99',
                'p99',
                ofStreams(({ ttftP99Ms }) => ttftP99Ms),
              ),
              curve(
                'p95',
                'p95',
                ofStreams(({ ttftP95Ms }) => ttftP95Ms),
              ),
              curve(
                'p50',
                'p50',
                ofStreams(({ ttftP50Ms }) => ttftP50Ms),
              ),
            ],
            true,
          ),
          chart('tokens', 'Tokens', 'Output tokens over the duration of the load.', 'per second', [
            curve(
              'tokens',
              'target',
              ofStreams(({ tokensPerSecond }) => tokensPerSecond),
            ),
          ]),
          chart('good-streams', 'Goodput', 'Streams within their objectives, of those planned.', '%', [
            curve(
              'good',
              'ok',
              ofStreams(({ goodput }) => (goodput === null ? null : 100 * goodput)),
            ),
          ]),
        ];
  return [
    ...streamCharts,
    chart(
      'latency',
      'Response time',
      'From the intended start; a logarithmic axis. The dashed line is the answer.',
      'ms',
      [
        curve('p99', 'p99', ({ p99Ms }) => p99Ms),
        curve('p95', 'p95', ({ p95Ms }) => p95Ms),
        curve('p50', 'p50', ({ p50Ms }) => p50Ms),
      ],
      true,
    ),
    chart(
      'goodput',
      'Throughput',
      'During the planned time; what was answered later is left out.',
      'per second',
      [
        curve('requests', 'target', ({ requestsPerSecond }) => requestsPerSecond, 'dashed'),
        curve('good answers', 'ok', ({ goodPerSecond }) => goodPerSecond),
      ],
    ),
    chart('errors', 'Failures', 'Of all requests; refused by a rate limit (429), and in all.', '%', [
      curve('failed', 'server-error', ({ failureShare }) => 100 * (failureShare ?? 0)),
      curve(
        'rate limited',
        'rate-limited',
        ({ rateLimitedShare }) => 100 * (rateLimitedShare ?? 0),
        'dashed',
      ),
    ]),
  ];
}
