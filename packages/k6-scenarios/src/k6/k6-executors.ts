import type { ExecutorOptions } from '@jarvis-load/engine';

type Kind = ExecutorOptions['kind'];

/** `same`: k6 2 has the executor; else what to use there. */
const IN_K6 = {
  'constant-vus': 'same',
  'ramping-vus': 'same',
  'constant-arrival-rate': 'same',
  'ramping-arrival-rate': 'same',
  'shared-iterations': 'same',
  'per-vu-iterations': 'same',
  'load-shape': 'stages',
  'replayed-arrivals': 'stages',
  'externally-controlled': 'one with a plan',
} as const satisfies Readonly<Record<Kind, string>>;

type InK6 = { [K in Kind]: (typeof IN_K6)[K] extends 'same' ? K : never }[Kind];

/** Whether k6 2 has the executor. */
export function isInK6(executor: ExecutorOptions): executor is Extract<ExecutorOptions, { kind: InK6 }> {
  return IN_K6[executor.kind] === 'same';
}

/** What a test of k6 2 takes in place of an executor that k6 does not have. */
export function insteadInK6(kind: Kind): string {
  return IN_K6[kind];
}
