/**
 * Every operation of either dialect, in the order a person meets them. A name means what the user wants: storing a
 * memory is `memory.store` in both dialects, although one posts to `/api/memory/store` and the other to
 * `/api/memory/add`.
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

/** The name of an operation, as it stands in every table of a report. */
export type OperationName = (typeof OPERATION_NAMES)[number];
