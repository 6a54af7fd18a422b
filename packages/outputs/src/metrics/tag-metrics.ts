import { failuresIn, OUTCOMES } from '@jarvis-load/engine/outcome';
import type { OperationPart, SnapshotPart, TaggedPart } from '@jarvis-load/engine';
import { BucketCounts } from './bucket-counts.ts';
import type { FamilySet, Series } from './family.ts';
import type { TagLabels } from './tag-labels.ts';

const REQUESTS = {
  name: 'jarvis_load_tagged_requests',
  type: 'counter',
  help: 'Completed requests that have tags of their own or a group, by these; among those of their operation.',
} as const;
const RESPONSE_TIME = {
  name: 'jarvis_load_tagged_response_time_seconds',
  type: 'histogram',
  help: 'From the intended start to the end, of requests that have tags of their own or a group.',
} as const;
const GROUP_TIME = {
  name: 'jarvis_load_group_duration_seconds',
  type: 'histogram',
  help: 'How long the work of a group took.',
} as const;

interface TaggedSeries {
  readonly ok: Series;
  readonly failed: Series;
  readonly response: BucketCounts;
}

/**
 * Requests by their own tags, and groups. In families of their own, so that sums over the families of operations stay what
 * they are. Series begin when a set of tags is first seen; the recorder limits their number per operation.
 */
export class TagMetrics {
  readonly #set: FamilySet;
  readonly #labels: TagLabels;
  readonly #tagged = new Map<string, TaggedSeries>();
  readonly #groups = new Map<string, BucketCounts>();

  constructor(set: FamilySet, labels: TagLabels) {
    this.#set = set;
    this.#labels = labels;
  }

  add({ operations, groups = [] }: SnapshotPart): void {
    for (const operation of operations) {
      for (const part of operation.byTags ?? []) this.#add(operation, part);
    }
    for (const { scenario, group, durations } of groups) this.#group(scenario, group).add(durations);
  }

  #add({ scenario, operation }: OperationPart, { tags, outcomes, response }: TaggedPart): void {
    const series = this.#of(scenario, operation, tags);
    const failed = failuresIn(outcomes);
    series.failed.value += failed;
    series.ok.value += OUTCOMES.reduce((sum, outcome) => sum + outcomes[outcome], 0) - failed;
    for (const times of Object.values(response)) series.response.add(times);
  }

  #of(scenario: string, operation: string, tags: TaggedPart['tags']): TaggedSeries {
    const labels = { ...this.#labels.ofRequest(tags), scenario, operation };
    const key = JSON.stringify(this.#set.labelsOf(labels));
    let series = this.#tagged.get(key);
    if (series === undefined) {
      series = {
        ok: this.#set.add(REQUESTS, { ...labels, result: 'ok' }),
        failed: this.#set.add(REQUESTS, { ...labels, result: 'failed' }),
        response: new BucketCounts(),
      };
      this.#set.add(RESPONSE_TIME, labels, series.response);
      this.#tagged.set(key, series);
    }
    return series;
  }

  #group(scenario: string, group: string): BucketCounts {
    const key = JSON.stringify([scenario, group]);
    let durations = this.#groups.get(key);
    if (durations === undefined) {
      this.#groups.set(key, (durations = new BucketCounts()));
      this.#set.add(GROUP_TIME, { scenario, group }, durations);
    }
    return durations;
  }
}
