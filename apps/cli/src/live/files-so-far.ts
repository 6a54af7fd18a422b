import type { ViewFileName } from '@jarvis-load/reporter';

/** Files that can be made of a run that is on. */
export const FILES_SO_FAR = [
  'report.html',
  'stats.csv',
  'history.csv',
  'failures.csv',
  'exceptions.csv',
  'result.json',
] as const satisfies readonly ViewFileName[];
