import type { RunInfo, ScenarioPart, SnapshotPart } from '@jarvis-load/engine';
import { BucketCounts } from './bucket-counts.ts';
import type { FamilySet, Series } from './family.ts';

const ITERATIONS = {
  name: 'jarvis_load_iterations',
  type: 'counter',
  help: 'Iterations by how they ended; dropped: planned, but never started.',
} as const;
const PLANNED = {
  name: 'jarvis_load_iterations_planned',
  type: 'counter',
  help: 'Iterations that were due.',
} as const;
const ITERATION_TIME = {
  name: 'jarvis_load_iteration_duration_seconds',
  type: 'histogram',
  help: 'Duration of completed iterations.',
} as const;
const USERS = { name: 'jarvis_load_users', type: 'gauge', help: 'Active users.' } as const;
const TARGET_USERS = {
  name: 'jarvis_load_users_target',
  type: 'gauge',
  help: 'Users that the plan wants now.',
} as const;
const IN_FLIGHT = {
  name: 'jarvis_load_in_flight',
  type: 'gauge',
  help: 'Iterations or requests under way.',
} as const;
const CHECKS = { name: 'jarvis_load_checks', type: 'counter', help: 'Checks by result.' } as const;

const ENDS = ['completed', 'failed', 'dropped', 'interrupted'] as const;

class ScenarioSeries {
  readonly #ends: readonly Series[];
  readonly #planned: Series;
  readonly #duration = new BucketCounts();
  readonly #levels: readonly (readonly [key: 'users' | 'targetUsers' | 'inFlight', series: Series])[];

  constructor(set: FamilySet, scenario: string) {
    this.#ends = ENDS.map((result) => set.add(ITERATIONS, { scenario, result }));
    this.#planned = set.add(PLANNED, { scenario });
    set.add(ITERATION_TIME, { scenario }, this.#duration);
    this.#levels = [
      ['users', set.add(USERS, { scenario })],
      ['targetUsers', set.add(TARGET_USERS, { scenario })],
      ['inFlight', set.add(IN_FLIGHT, { scenario })],
    ];
  }

  add(part: ScenarioPart): void {
    ENDS.forEach((end, place) => (this.#ends[place]!.value += part.counts[end]));
    this.#planned.value += part.counts.planned;
    this.#duration.add(part.iterationDuration);
    for (const [key, series] of this.#levels) series.set(part[key]);
  }
}

/** Users, iterations and checks of each scenario: `add` gets each second once. A check has series from its first result on. */
export class ScenarioMetrics {
  readonly #set: FamilySet;
  readonly #scenarios = new Map<string, ScenarioSeries>();
  readonly #checks = new Map<string, readonly [pass: Series, fail: Series]>();

  constructor(set: FamilySet, run: RunInfo) {
    this.#set = set;
    for (const { name } of run.scenarios) this.#scenarios.set(name, new ScenarioSeries(set, name));
  }

  add({ scenarios, checks }: SnapshotPart): void {
    for (const part of scenarios) this.#scenarios.get(part.scenario)?.add(part);
    for (const { scenario, name, passes, fails } of checks) {
      const [pass, fail] = this.#check(scenario, name);
      pass.value += passes;
      fail.value += fails;
    }
  }

  #check(scenario: string, check: string): readonly [pass: Series, fail: Series] {
    const key = `${scenario}\n${check}`;
    let pair = this.#checks.get(key);
    if (pair === undefined) {
      const add = (result: string): Series => this.#set.add(CHECKS, { scenario, check, result });
      this.#checks.set(key, (pair = [add('pass'), add('fail')]));
    }
    return pair;
  }
}
