import { formatBytes, type RunResult } from '@jarvis-load/engine/result';
import { formatDuration, formatTimestamp } from '../../format/time.ts';

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
