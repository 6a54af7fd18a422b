import { failuresIn, OUTCOMES } from '@jarvis-load/engine/outcome';
import type { OperationPart, SnapshotPart, TaggedPart, Tags } from '@jarvis-load/engine';
import { equalRows } from './equal-rows.ts';
import type { OperationRow } from './operation-row.ts';
import { timeStats, type TimeStats } from './time-stats.ts';

/** What completed of the requests with one set of tags: among those of their operation. NDJSON lines hold it as it is. */
export interface TaggedRow extends Pick<OperationRow, 'requests' | 'failed' | 'responseMs' | 'serviceMs'> {
  readonly tags: Tags;
}

/**
 * The rows of requests with tags of their own, of one operation.
 * @param written what is written of tags: where that is the same, there is one row
 */
export function taggedRows(
  { byTags = [] }: OperationPart,
  written: (tags: Tags) => Tags = (tags) => tags,
): readonly TaggedRow[] {
  return equalRows(byTags, ({ tags }) => keyOfTags(written(tags))).map((equal) => ({
    tags: equal[0]!.tags,
    requests: equal.reduce((sum, part) => sum + requestsOf(part), 0),
    failed: equal.reduce((sum, { outcomes }) => sum + failuresIn(outcomes), 0),
    responseMs: timeStats(equal.flatMap(({ response }) => Object.values(response))),
    serviceMs: timeStats(equal.flatMap(({ service }) => Object.values(service))),
  }));
}

/** The same whatever the order in which the code of a test gives the tags. */
function keyOfTags(tags: Tags): string {
  return JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function requestsOf({ outcomes }: TaggedPart): number {
  return OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0);
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
  return equalRows(groups, ({ scenario, group }) => JSON.stringify([scenario, group])).map((equal) => ({
    scenario: equal[0]!.scenario,
    group: equal[0]!.group,
    count: equal.reduce((sum, { durations }) => sum + durations.count, 0),
    durationMs: timeStats(equal.map(({ durations }) => durations)),
  }));
}
