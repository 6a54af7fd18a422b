/** What a suite makes its scenarios from, where there is no target. */
export const CONTEXT = {
  facts: undefined,
  credentials: undefined,
  identity: 'shared',
  runId: 'r',
  settings: {},
  files: undefined,
} as const;
