import { resolveExecutor, type ExecutorOptions } from '@jarvis-load/engine';
import type { PlannedScenario } from '../run/scenarios.ts';

/** The executor for k6, which has no default for the users of an arrival rate: those of the native engine. */
export function withUserCaps({
  name,
  executor,
}: Pick<PlannedScenario, 'name' | 'executor'>): ExecutorOptions {
  const resolved = resolveExecutor(executor, name);
  if (resolved.kind !== 'constant-arrival-rate' && resolved.kind !== 'ramping-arrival-rate') return executor;
  const { preAllocatedVUs, maxVUs } = resolved;
  return { ...executor, preAllocatedVUs, maxVUs } as ExecutorOptions;
}
