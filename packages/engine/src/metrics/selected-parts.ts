import type { Tags } from '../model/scenario.ts';
import type { Measures } from '../recorder/measures.ts';
import { OperationMeasures } from '../recorder/operation-measures.ts';
import type { Selection } from './selection.ts';

/** The measurements that a selection consists of, operation by operation: those of the run, not copies. */
export function selectedParts(
  measures: Measures,
  { operation: wanted, requestTags, status }: Selection,
): OperationMeasures[] {
  return measures.run.operations.flatMap((operation) => {
    if (!wanted(operation)) return [];
    const all = measures.operations[operation.index]!;
    const tags = requestTags(operation);
    const parts = tags === undefined ? [all] : taggedParts(all, tags);
    return status === undefined ? parts : parts.flatMap(({ byStatus }) => byStatus.get(status) ?? []);
  });
}

/** All of a selection in one. */
export function mergeSelected(measures: Measures, selection: Selection): OperationMeasures {
  const merged = new OperationMeasures();
  for (const part of selectedParts(measures, selection)) merged.add(part);
  return merged;
}

/** Parts of the requests that have all of these tags themselves. */
function taggedParts({ byTags }: OperationMeasures, wanted: Tags): OperationMeasures[] {
  return [...(byTags ?? [])].flatMap(([tags, part]) =>
    Object.entries(wanted).every(([name, value]) => tags[name] === value) ? part : [],
  );
}
