import type { OperationPart, SnapshotPart, Tags } from '@jarvis-load/engine';
import { operationRow, type OperationRow } from './operation-row.ts';
import { timeStats, type TimeStats } from './time-stats.ts';

/** What completed of the requests with one set of tags: among those of their operation. NDJSON lines hold it as it is. */
export interface TaggedRow extends Pick<OperationRow, 'requests' | 'failed' | 'responseMs' | 'serviceMs'> {
  readonly tags: Tags;
}

/** The rows of requests with tags of their own, of one operation. */
export function taggedRows({ scenario, operation, byTags = [] }: OperationPart): readonly TaggedRow[] {
  return byTags.map(({ tags, ...part }) => {
    const { requests, failed, responseMs, serviceMs } = operationRow({ scenario, operation, ...part });
    return { tags, requests, failed, responseMs, serviceMs };
  });
}

/** How long the work of one group took. Lines of `ndjson` hold it as it is: its names are part of that format. */
export interface GroupRow {
  readonly scenario: string;
  readonly group: string;
  readonly count: number;
  readonly durationMs: TimeStats;
}

/** The rows of the groups that ended. */
export function groupRows({ groups = [] }: SnapshotPart): readonly GroupRow[] {
  return groups.map(({ scenario, group, durations }) => ({
    scenario,
    group,
    count: durations.count,
    durationMs: timeStats([durations]),
  }));
}
