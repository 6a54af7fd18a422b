import type { SnapshotPart } from '../model/snapshot-part.ts';

/**
 * A part of a run with the words of targets and of scenario code passed through `clean`: errors, exceptions, names of checks and
 * groups, tags of requests. Names by which a part is read, such as those of operations and metrics, stay. Nothing else is copied.
 */
export function cleanPart<T extends SnapshotPart>(part: T, clean: <V>(value: V) => V): T {
  const { checks, errors, exceptions, groups, operations } = part;
  return {
    ...part,
    checks: checks.map((each) => ({ ...each, name: clean(each.name) })),
    errors: errors.map((each) => ({
      ...each,
      message: clean(each.message),
      // Whole: unlike its group, an example has no names of scenarios, operations or outcomes, by which it would be read.
      example: clean(each.example),
    })),
    exceptions: exceptions.map((each) => ({
      ...each,
      message: clean(each.message),
      traceback: clean(each.traceback),
    })),
    ...(groups && { groups: groups.map((each) => ({ ...each, group: clean(each.group) })) }),
    operations: operations.map((each) =>
      each.byTags === undefined
        ? each
        : { ...each, byTags: each.byTags.map((own) => ({ ...own, tags: clean(own.tags) })) },
    ),
  };
}
