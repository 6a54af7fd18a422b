import { isDeepStrictEqual } from 'node:util';
import type { RunResult } from '@jarvis-load/engine/result';
import type { Obstacle } from './comparison.ts';
import { otherUsers } from './other-users.ts';
import { sameSteering } from './same-steering.ts';

/** Of planned arrivals, the share that must have started. */
const LEAST_ACHIEVED = 0.99;
/** Lengths may differ by this share, of runs whose executor is not known, or of which one ended early. */
const MOST_LONGER = 0.1;

/**
 * Why the runs of two sides should not be compared; empty if they can be. Each run is compared with the first one of the base.
 * The caller refuses, or overrides and passes them to `compareRuns`. What was not measured (null) is no obstacle.
 */
export function obstaclesBetween(base: readonly RunResult[], candidate: readonly RunResult[]): Obstacle[] {
  const runs = [...base, ...candidate];
  const [reference, ...others] = runs;
  if (reference === undefined) return [];
  return [...runs.flatMap(obstaclesIn), ...others.flatMap((run) => differencesBetween(reference, run))];
}

/** Why a run cannot be compared with any other. */
export function obstaclesIn(run: RunResult): Obstacle[] {
  const { verdict, health, config } = run;
  const found: Obstacle[] = [];
  const add = (code: string, text: string): void => {
    found.push({ code, text: `run ${run.run.id} ${text}`, invalid: true });
  };
  if (typeof config['part'] === 'string' && config['part'] !== '1/1' && !isMerged(run)) {
    add(
      'part-of-run',
      `is part ${config['part']} of a run that several machines made; its merge is the whole run`,
    );
  }
  if (verdict.status === 'not-valid') {
    const [reason] = verdict.reasons;
    add('not-valid', `is not valid${reason === undefined ? '' : `: ${reason.text}`}`);
  }
  if (health.generatorLimited === true) {
    add('generator-limited', `was limited by the load generator: ${health.reasons.join('; ')}`);
  }
  if (health.achievedOfOffered !== null && health.achievedOfOffered < LEAST_ACHIEVED) {
    const share = (100 * health.achievedOfOffered).toFixed(1);
    add('not-achieved', `started ${share}% of its planned arrivals; at least 99% are needed`);
  }
  return found;
}

/** What keeps a run from being compared with another one. */
export function differencesBetween(reference: RunResult, run: RunResult): Obstacle[] {
  const found: Obstacle[] = [];
  const add = (code: string, text: string): void => {
    found.push({ code, text: `runs ${reference.run.id} and ${run.run.id} ${text}`, invalid: false });
  };
  const [a, b] = [reference, run].map(kindOf);
  if (a !== b) add('other-target', `have other kinds of target: ${a}, and ${b}`);
  if (reference.generator.engine !== run.generator.engine) {
    add(
      'other-generator',
      `come from other load generators: ${reference.generator.engine}, and ${run.generator.engine}`,
    );
  }
  const load = otherLoad(reference, run);
  if (load !== undefined) add('other-load', `have another load: ${load}`);
  return found;
}

/** The mock or a real API, and the contract it speaks. */
function kindOf({ target }: RunResult): string {
  const kind = target.name === 'mock' ? 'the mock' : 'a real API';
  const dialect = target.dialect === undefined ? '' : `, ${target.dialect} contract`;
  return `${kind}${dialect}${target.protocol === 'HTTP/2' ? ', HTTP/2' : ''}`;
}

function otherLoad(a: RunResult, b: RunResult): string | undefined {
  const names = [a, b].map(({ scenarios }) => scenarios.map(({ name }) => name).toSorted());
  if (!isDeepStrictEqual(names[0], names[1])) {
    return `scenarios ${names[0]!.join(', ')}, and ${names[1]!.join(', ')}`;
  }
  const loadOf = isMerged(a) === isMerged(b) ? plain : withoutCaps;
  for (const scenario of a.scenarios) {
    const other = b.scenarios.find(({ name }) => name === scenario.name)!;
    if (!isDeepStrictEqual(loadOf(scenario.executor), loadOf(other.executor))) {
      return `${scenario.name} with ${brief(scenario.executor)}, and with ${brief(other.executor)}`;
    }
  }
  if (!sameSteering(a, b)) return 'it was changed while the run was on, and not in both alike';
  const known = a.scenarios.every(({ executor }) => Object.keys(executor).length > 0);
  const [one, two] = [a.run.durationMs, b.run.durationMs];
  const areAsLong = Math.abs(one - two) <= MOST_LONGER * Math.max(one, two);
  const seconds = `${Math.round(one / 1000)} s, and ${Math.round(two / 1000)} s`;
  if (known) {
    const isShort = !areAsLong && (endedEarly(a) || endedEarly(b));
    return isShort && a.scenarios.some(variesInTime) ? `${seconds}, as one ended early` : undefined;
  }
  return areAsLong ? otherUsers(a, b) : seconds;
}

function endedEarly({ run }: RunResult): boolean {
  return run.end.kind !== 'completed';
}

const CONSTANT = [
  'constant-vus',
  'constant-arrival-rate',
  'shared-iterations',
  'per-vu-iterations',
  'externally-controlled',
];

/** Whether a part of its time has another load than the whole: an early end of a constant load, such as that of a feeder, has not. */
function variesInTime({ executor }: RunResult['scenarios'][number]): boolean {
  return !CONSTANT.includes(String(executor['kind'])) || Number(executor['startTimeMs'] ?? 0) > 0;
}

/** Whether the document is of the parts of a run, such as those of several machines. */
function isMerged({ extensions }: RunResult): boolean {
  return extensions?.['parts'] !== undefined;
}

/** Of a part, the executor has its share of the caps, rounded up. */
function withoutCaps(executor: object): unknown {
  const { maxVUs: _most, preAllocatedVUs: _first, ...load } = plain(executor) as Record<string, unknown>;
  return load;
}

/** As it is after a document is written and read. */
function plain(executor: object): unknown {
  return JSON.parse(JSON.stringify(executor));
}

/** Options of an executor in one line. */
function brief(executor: Record<string, unknown>): string {
  const text = JSON.stringify(executor).replaceAll('"', '');
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
