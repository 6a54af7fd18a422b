import { formatNumber, trimZeros, type RunResult } from '@jarvis-load/engine/result';
import { formatDuration } from '../format/time.ts';

/** A moment at which the load was set by the caller: a person at the page or the keyboard, or a master. */
export interface LoadChange {
  readonly atMs: number;
  /** `40 users`, `20 iterations/s`. */
  readonly text: string;
}

const MOST_LISTED = 5;
/** Scenarios are set one after the other. */
const SAME_MOMENT_MS = 50;

/**
 * Changes of the load in order. Users are those of all scenarios that have been set so far; the rate of scenarios that take
 * turns is one rate.
 */
export function loadChanges({ steering = [], scenarios }: RunResult): LoadChange[] {
  const users = new Map<string, number>();
  const changes: LoadChange[] = [];
  for (const { atMs, scenario, users: set, rate, perSecond } of steering) {
    if (set !== undefined) users.set(scenario, set);
    const total = [...users.values()].reduce((sum, each) => sum + each, 0);
    const ramp = perSecond === undefined ? '' : `, ${numberOf(perSecond)}/s`;
    const executor = scenarios.find(({ name }) => name === scenario)?.executor ?? {};
    const text =
      set === undefined
        ? `${numberOf((rate ?? 0) * perSecondOfRun(executor))} iterations/s`
        : `${numberOf(total)} users${ramp}`;
    const last = changes.at(-1);
    if (last !== undefined && atMs - last.atMs < SAME_MOMENT_MS)
      changes[changes.length - 1] = { ...last, text };
    else changes.push({ atMs, text });
  }
  return changes;
}

/** The changes in one sentence; empty without any. */
export function describeLoadChanges(result: RunResult): string {
  const changes = loadChanges(result);
  if (changes.length === 0) return '';
  const listed = changes
    .slice(0, MOST_LISTED)
    .map(({ atMs, text }) => `${text} at ${formatDuration(Math.round(atMs / 100) * 100)}`);
  const more = changes.length - listed.length;
  return `The load was changed while the run was on: ${listed.join('; ')}${more > 0 ? `; and ${more} more times` : ''}.`;
}

/** What a rate of the executor is in iterations per second of all scenarios that take turns with it. */
function perSecondOfRun({ timeUnitMs, turn }: Readonly<Record<string, unknown>>): number {
  const of = typeof turn === 'object' && turn !== null && 'of' in turn ? Number(turn.of) : 1;
  return typeof timeUnitMs === 'number' && timeUnitMs > 0 ? (of * 1000) / timeUnitMs : 1;
}

function numberOf(value: number): string {
  return trimZeros(formatNumber(value));
}
