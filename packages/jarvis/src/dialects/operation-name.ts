/**
 * Every operation of either dialect, in the order in which a user calls them. A name is the same in both dialects
 * whatever the route: `memory.store` posts to `/api/memory/store` in one and to `/api/memory/add` in the other.
 *
 * Must hold: a name never changes, as result documents, thresholds and settings of the mock contain it. The probe requests
 * operations in this order (`probe/probe-target.ts`, which moves reading and deleting a conversation to the end).
 */
export const OPERATION_NAMES = [
  'auth.login',
  'auth.verify',
  'auth.whoami',
  'health',
  'ready',
  'metrics',
  'chat.send',
  'chat.conversations',
  'chat.history',
  'chat.create',
  'chat.delete',
  'memory.store',
  'memory.search',
  'memory.list',
  'voice.synthesize',
  'voice.transcribe',
  'voice.voices',
  'voice.languages',
] as const;

/** The name of an operation, as in every table of a report. */
export type OperationName = (typeof OPERATION_NAMES)[number];
