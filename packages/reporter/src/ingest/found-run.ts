/**
 * The scenarios and operations of a k6 run.
 *
 * Must hold:
 * - `run` grows while samples are read; an index never changes: the recorder and the handlers of `SampleReader` keep them.
 * - From 50 scenarios and 200 operations on, known ones included, new names in samples become `OTHERS` (an operation of each scenario),
 *   and `overflowed` is true: each operation has histograms.
 * - A definition without an executor describes a scenario only if `isOurs()` is true when its first sample is read.
 */
import type { HttpMethod, ScenarioDefinition } from '@jarvis-load/engine';
import {
  compileRun,
  type CompiledOperation,
  type RecordedRun,
  type RecordedScenario,
  type UnknownExecutor,
} from '@jarvis-load/engine/ingest';

/** A script with ids in its URLs creates thousands of names. */
const MOST_OPERATIONS = 200;
const MOST_SCENARIOS = 50;
/** Name of the operation or scenario that collects everything beyond those limits. */
export const OTHERS = '(others)';

/** k6's output does not name the executor. */
const UNKNOWN: UnknownExecutor = {
  kind: null,
  model: null,
  startTimeMs: 0,
  plannedDurationMs: null,
  tags: {},
};

/** The scenarios and operations of a k6 run: the known ones, and those found in its samples. */
export class FoundRun {
  readonly run: RecordedRun;
  readonly #scenarios: RecordedScenario[];
  readonly #operations: CompiledOperation[];
  /** Whether something was collected under {@link OTHERS}. */
  overflowed = false;
  readonly #ran: number;
  readonly #lookup: readonly ScenarioDefinition[];
  readonly #isOurs: () => boolean;

  readonly #names: ReadonlyMap<string, string>;

  /**
   * @param isOurs whether the samples read so far show that the script is one that `known` describes
   * @param names names of scenarios in the samples that differ from those in `known`
   */
  constructor(
    known: readonly ScenarioDefinition[],
    isOurs: () => boolean,
    names: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#isOurs = isOurs;
    this.#names = names;
    const ran = known.filter(({ executor }) => executor !== undefined);
    this.#ran = ran.length;
    this.#lookup = known.filter(({ executor }) => executor === undefined);
    const none: RecordedRun = { scenarios: [], operations: [], plannedDurationMs: null };
    const { scenarios, operations, plannedDurationMs } = ran.length === 0 ? none : compileRun(ran);
    this.#scenarios = [...scenarios];
    this.#operations = [...operations];
    this.run = { scenarios: this.#scenarios, operations: this.#operations, plannedDurationMs };
  }

  /** Names of scenarios without a known definition: they may send no HTTP requests. */
  get strangers(): readonly string[] {
    return this.#scenarios
      .filter(({ definition }) => definition.operations.length === 0)
      .map(({ name }) => name);
  }

  /** The scenario that the samples call so; created on first use. */
  scenario(inSamples: string): RecordedScenario {
    const name = this.#names.get(inSamples) ?? inSamples;
    // Flags such as --vus replace the scenarios of a script by one named "default".
    const only = this.#ran === 1 && name === 'default' ? this.#scenarios[0] : undefined;
    const found = only ?? this.#scenarios.find((scenario) => scenario.name === name);
    if (found !== undefined) return found;
    if (this.#scenarios.length >= MOST_SCENARIOS && name !== OTHERS) {
      this.overflowed = true;
      return this.scenario(OTHERS);
    }
    const scenario: RecordedScenario = {
      index: this.#scenarios.length,
      name,
      definition: (this.#isOurs() ? this.#lookup.find((known) => known.name === name) : undefined) ?? {
        name,
        operations: [],
      },
      executor: UNKNOWN,
      operations: new Map(),
      metrics: new Map(),
      taskShares: [],
    };
    this.#scenarios.push(scenario);
    return scenario;
  }

  /** The operation of that name in a scenario. The same name with a second method becomes an operation of its own. */
  operation(scenario: RecordedScenario, name: string, method: string): CompiledOperation {
    const found = scenario.operations.get(name);
    if (found !== undefined) {
      const { method: known } = found.operation;
      if (method === '' || known === method || name === OTHERS) return found;
      return this.#named(scenario, `${method} ${name}`, method, found.operation.route);
    }
    return this.#named(scenario, name, method, name);
  }

  #named(scenario: RecordedScenario, name: string, method: string, route: string): CompiledOperation {
    const found = scenario.operations.get(name);
    if (found !== undefined) return found;
    if (this.#operations.length >= MOST_OPERATIONS && name !== OTHERS) {
      this.overflowed = true;
      return this.#named(scenario, OTHERS, '', OTHERS);
    }
    const declared = [...scenario.definition.operations, ...this.#operations.map((each) => each.operation)];
    const elsewhere = declared.find(
      (operation) => operation.name === name && (method === '' || operation.method === method),
    );
    const compiled: CompiledOperation = {
      index: this.#operations.length,
      scenarioIndex: scenario.index,
      scenario: scenario.name,
      // Any method of k6, such as PROPFIND, or none: it is shown, never sent.
      operation: elsewhere ?? { name, method: method as HttpMethod, route },
    };
    this.#operations.push(compiled);
    (scenario.operations as Map<string, CompiledOperation>).set(name, compiled);
    return compiled;
  }
}
