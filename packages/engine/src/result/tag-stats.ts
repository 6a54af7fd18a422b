import type { ResultNote, TagStats } from '../document/schema.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import { mergeOutcomes, OperationMeasures } from '../recorder/operation-measures.ts';
import { MAX_TAG_SETS, OTHER_TAGS } from '../recorder/tag-sets.ts';
import { latencyStats } from './latency-stats.ts';

/**
 * Requests by tag and value: tags of operations, and of requests. In the order in which names and values are first met. A
 * request with several tags counts in a row of each: rows do not add up. A group without requests has a row, too.
 */
export function tagStats(total: Measures): TagStats[] {
  const byTag = new Map<string, Map<string, OperationMeasures>>();
  const add = (tag: string, value: string, part: OperationMeasures): void => {
    if (part.requests === 0) return;
    let values = byTag.get(tag);
    if (values === undefined) byTag.set(tag, (values = new Map<string, OperationMeasures>()));
    let sum = values.get(value);
    if (sum === undefined) values.set(value, (sum = new OperationMeasures()));
    sum.add(part);
  };
  for (const { index, operation } of total.run.operations) {
    const measures = total.operations[index]!;
    for (const [tag, value] of Object.entries(operation.tags ?? {})) add(tag, value, measures);
    for (const [tags, part] of measures.byTags ?? []) {
      for (const [tag, value] of Object.entries(tags)) add(tag, value, part);
    }
  }
  const groups = groupDurations(total);
  if (groups.size > 0) {
    const values = byTag.get('group') ?? new Map<string, OperationMeasures>();
    byTag.set('group', values);
    for (const path of groups.keys()) if (!values.has(path)) values.set(path, new OperationMeasures());
  }
  const seconds = total.activeMs() / 1000;
  return [...byTag].flatMap(([tag, values]) =>
    [...values].map(([value, sum]) => {
      const { requests, failed } = sum;
      const durations = tag === 'group' ? groups.get(value) : undefined;
      return {
        tag,
        value,
        requests,
        failed,
        failureShare: requests === 0 ? null : failed / requests,
        requestsPerSecond: seconds > 0 ? requests / seconds : 0,
        responseTime: latencyStats(mergeOutcomes(sum.response)),
        serviceTime: latencyStats(mergeOutcomes(sum.service)),
        ...(durations === undefined ? {} : { groupDuration: latencyStats(durations) }),
      };
    }),
  );
}

/** By path, over all scenarios. */
function groupDurations(total: Measures): ReadonlyMap<string, Histogram> {
  const all = new Map<string, Histogram>();
  for (const [{ group = '' }, durations] of total.groups.flatMap((groups) => [...groups])) {
    const sum = all.get(group) ?? new Histogram();
    all.set(group, sum);
    sum.add(durations);
  }
  return all;
}

/** A note: values of tags were not counted separately. */
export function tagNotes(tags: readonly TagStats[]): ResultNote[] {
  const more = tags.filter(({ value }) => value === OTHER_TAGS);
  if (more.length === 0) return [];
  const names = more.map(({ tag, requests }) => `${tag} (${requests} requests)`).join(', ');
  return [
    {
      level: 'warning',
      code: 'tag-values',
      text: `more than ${MAX_TAG_SETS} sets of tags of an operation: the rest is counted as "${OTHER_TAGS}", and thresholds on their values see nothing of it: ${names}; tag with few values, not with ids`,
    },
  ];
}
