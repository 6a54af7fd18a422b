/** Tags that the engine defines; any other tag is defined by a scenario, which may not use these (`input/scenario-rules.ts`). */
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
