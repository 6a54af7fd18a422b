import type { ResultNote, TagStats } from '../document/schema.ts';
import { Histogram } from '../recorder/histogram.ts';
import type { Measures } from '../recorder/measures.ts';
import { mergeOutcomes, OperationMeasures } from '../recorder/operation-measures.ts';
import { MAX_TAG_SETS, OTHER_TAGS } from '../recorder/tag-sets.ts';
import { known } from './known.ts';
import { latencyStats } from './latency-stats.ts';

/** Requests with one value of a tag, and the scenarios that made them: its rate is over their time. */
interface TagSum {
  readonly requests: OperationMeasures;
  readonly scenarios: Set<string>;
}

const newSum = (): TagSum => ({ requests: new OperationMeasures(), scenarios: new Set() });

/**
 * Requests by tag and value: tags of operations, and of requests. In the order in which names and values are first met. A
 * request with several tags counts in a row of each: rows do not add up. A group without requests has a row, too.
 */
export function tagStats(total: Measures): TagStats[] {
  const byTag = new Map<string, Map<string, TagSum>>();
  const add = (tag: string, value: string, part: OperationMeasures, scenario: string): void => {
    if (part.requests === 0) return;
    let values = byTag.get(tag);
    if (values === undefined) byTag.set(tag, (values = new Map<string, TagSum>()));
    let sum = values.get(value);
    if (sum === undefined) values.set(value, (sum = newSum()));
    sum.requests.add(part);
    sum.scenarios.add(scenario);
  };
  for (const { index, operation, scenario } of total.run.operations) {
    const measures = total.operations[index]!;
    for (const [tag, value] of Object.entries(operation.tags ?? {})) add(tag, value, measures, scenario);
    for (const [tags, part] of measures.byTags ?? []) {
      for (const [tag, value] of Object.entries(tags)) add(tag, value, part, scenario);
    }
  }
  const groups = groupDurations(total);
  if (groups.size > 0) {
    const values = byTag.get('group') ?? new Map<string, TagSum>();
    byTag.set('group', values);
    for (const path of groups.keys()) if (!values.has(path)) values.set(path, newSum());
  }
  return [...byTag].flatMap(([tag, values]) =>
    [...values].map(([value, { requests: sum, scenarios }]) => {
      const seconds = total.activeMs((name) => scenarios.has(name)) / 1000;
      const { requests, failed } = sum;
      const durations = tag === 'group' ? groups.get(value) : undefined;
      return {
        tag,
        value,
        requests,
        failed,
        failureShare: requests === 0 ? null : failed / requests,
        retries: known(sum.retries),
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
