/** Tags that the engine defines; any other tag is defined by a scenario. */
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
