/**
 * Tags that the engine defines; any other tag is defined by a scenario. `requestTags` may not name these (`input/scenario-rules.ts`);
 * as tags of a scenario or an operation they are accepted, but built-in metrics cannot be selected by them.
 */
export const BUILTIN_TAGS: ReadonlySet<string> = new Set([
  'scenario',
  'operation',
  'name',
  'method',
  'outcome',
  'expected_response',
  'status',
  'check',
]);
