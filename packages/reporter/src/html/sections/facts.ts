import {
  formatBytes,
  formatCount,
  formatLatency,
  formatNumber,
  formatShare,
  type RunResult,
} from '@jarvis-load/engine/result';
import { formatDuration, formatTimestamp } from '../../format/time.ts';
import { percentileMark } from '../../view/percentile-mark.ts';
import type { Tone } from '../table-model.ts';

/** One key figure. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly sub?: string;
  readonly tone?: Tone;
}

/** The main numbers of the run. */
export function keyFigures(result: RunResult): Figure[] {
  const { totals, iterations } = result;
  const { rate_limited: refused } = totals.outcomes;
  const lost = iterations.failed + iterations.dropped + (iterations.interrupted ?? 0);
  return [
    {
      label: 'Requests',
      value: formatCount(totals.requests),
      sub: `${formatNumber(totals.requestsPerSecond)} per second`,
    },
    {
      label: 'Failed',
      value: formatShare(totals.failureShare),
      sub: `${formatCount(totals.failed)} requests`,
      ...(totals.failed > 0 ? { tone: 'fail' as const } : {}),
    },
    ...(refused > 0
      ? [
          {
            label: 'Rate limited',
            value: formatShare(totals.rateLimitedShare),
            sub: `${formatCount(refused)} answers 429`,
            tone: 'warn' as const,
          },
        ]
      : []),
    ...(['p50', 'p95', 'p99'] as const).map((key) => {
      const mark = percentileMark(totals.responseTime, key);
      return {
        label: `Response ${key}`,
        value: `${mark}${formatLatency(totals.responseTime.percentiles[key])}`,
        sub: `service ${formatLatency(totals.serviceTime.percentiles[key])}`,
      };
    }),
    {
      label: 'Iterations',
      value: formatCount(iterations.completed),
      sub: lost === 0 ? 'all that were planned' : `of ${formatCount(iterations.planned)} planned`,
    },
    ...(totals.retries !== null && totals.retries > 0
      ? [{ label: 'Retried', value: formatCount(totals.retries), sub: 'sent again, unread by the server' }]
      : []),
    {
      label: 'Received',
      value: formatBytes(totals.bytesReceived),
      sub: `sent ${formatBytes(totals.bytesSent)}`,
    },
  ];
}

const NOT_KNOWN = 'not known';

/** Facts about run, target, generator and environment. */
export function environmentFacts(result: RunResult): (readonly [string, string])[] {
  const { run, target, generator, environment } = result;
  return [
    ['Run', run.id],
    ['Started', formatTimestamp(run.startedAt)],
    ['Ended', formatTimestamp(run.endedAt)],
    [
      'Lasted',
      `${formatDuration(run.durationMs)}${run.plannedDurationMs === null ? '' : `, planned ${formatDuration(run.plannedDurationMs)}`}`,
    ],
    ['Target', target.name],
    ['Address', target.url],
    ...(target.protocol === undefined ? [] : ([['Protocol', target.protocol]] as const)),
    ...(target.dialect === undefined ? [] : ([['Contract', target.dialect]] as const)),
    ...(target.detail === undefined ? [] : ([['Detail', target.detail]] as const)),
    ['Seed', run.seed === null ? NOT_KNOWN : String(run.seed)],
    ['Version', `${generator.name} ${generator.version}, engine ${generator.engine}`],
    ...(environment === null
      ? ([['Machine', NOT_KNOWN]] as const)
      : ([
          ['Machine', `${environment.cpus} × ${environment.cpu}, ${formatBytes(environment.memoryBytes)}`],
          ['Platform', `${environment.platform}, Node ${environment.node}`],
        ] as const)),
    ...Object.entries(run.tags).map(([name, value]) => [`Tag ${name}`, value] as const),
  ];
}
