import { didYouMean } from '../did-you-mean.ts';
import { EngineError } from '../errors.ts';
import type { MetricKind, ScenarioDefinition, WaitTime } from '../scenario.ts';
import { show } from '../show.ts';

/** Every name of a definition; a type error here when one is missing. */
export const SCENARIO_NAMES: Readonly<Record<keyof ScenarioDefinition, true>> = {
  name: true,
  description: true,
  operations: true,
  metrics: true,
  setup: true,
  onStart: true,
  run: true,
  tasks: true,
  wait: true,
  onStop: true,
  teardown: true,
  executor: true,
  thresholds: true,
  demand: true,
  tags: true,
};

const METRIC_KINDS: readonly MetricKind[] = ['counter', 'gauge', 'rate', 'trend'];

/** The numbers of each kind of wait, in seconds or per second. */
const WAITS: Readonly<Record<WaitTime['kind'], readonly string[]>> = {
  between: ['min', 'max'],
  constant: ['seconds'],
  'constant-pacing': ['seconds'],
  'constant-throughput': ['perSecond'],
};

/**
 * Checks what the types cannot promise to a caller without them: a misspelt hook or wait would silently be none.
 * @throws EngineError `invalid-scenario`
 */
export function checkScenario(definition: ScenarioDefinition): void {
  const { name, run, tasks, executor, operations, metrics = [] } = definition;
  const fail = (message: string): never => {
    throw new EngineError('invalid-scenario', `scenario ${show(name)}: ${message}`);
  };
  if (typeof name !== 'string' || name === '') fail('name is empty; expected a non-empty name.');
  checkNames(definition, fail);
  if (tasks !== undefined && run !== undefined) {
    fail('has both run and tasks; expected one of them: a journey or weighted tasks.');
  }
  if (run === undefined && (tasks === undefined || tasks.length === 0)) {
    fail('has neither run nor tasks; expected what a user does in one iteration.');
  }
  if (executor === undefined) {
    fail("has no executor; expected one such as { kind: 'constant-vus', vus: 10, duration: '30s' }.");
  }
  if (!Array.isArray(operations)) {
    fail("has no operations; expected a list such as [{ name: 'ask', method: 'GET', route: '/ask' }].");
  }
  for (const { name: operation, maxPerSecond } of operations) {
    if (maxPerSecond !== undefined && !(maxPerSecond > 0)) {
      fail(`operation ${show(operation)} has maxPerSecond ${show(maxPerSecond)}; expected a number above 0.`);
    }
  }
  for (const { name: metric, kind } of metrics) {
    if (!METRIC_KINDS.includes(kind)) {
      fail(`metric ${show(metric)} is of kind ${show(kind)}; expected one of ${METRIC_KINDS.join(', ')}.`);
    }
  }
  for (const { name: task, weight } of tasks ?? []) {
    if (!Number.isFinite(weight) || weight <= 0) {
      fail(`task ${show(task)} has weight ${show(weight)}; expected a number above 0.`);
    }
  }
  if (definition.wait !== undefined) checkWait(definition.wait, fail);
}

/** A caller may keep things of its own in a definition; a name in other letters is a slip. */
function checkNames(definition: ScenarioDefinition, fail: (message: string) => never): void {
  for (const key of Object.keys(definition)) {
    if (Object.hasOwn(SCENARIO_NAMES, key)) continue;
    const meant = Object.keys(SCENARIO_NAMES).find((name) => name.toLowerCase() === key.toLowerCase());
    if (meant !== undefined) fail(`has ${show(key)}; expected it to be written ${show(meant)}.`);
  }
}

function checkWait(wait: WaitTime, fail: (message: string) => never): void {
  const kinds = Object.keys(WAITS);
  if (!Object.hasOwn(WAITS, wait.kind)) {
    const hint = typeof wait.kind === 'string' ? didYouMean(wait.kind, kinds) : '';
    fail(`wait is of kind ${show(wait.kind)}; expected one of ${kinds.join(', ')}.${hint}`);
  }
  const values = wait as unknown as Readonly<Record<string, unknown>>;
  for (const option of WAITS[wait.kind]) {
    const value = values[option];
    const least = option === 'perSecond' ? 'above 0' : 'of at least 0';
    const fits =
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (option === 'perSecond' ? value > 0 : value >= 0);
    if (!fits) fail(`wait.${option} is ${show(value)}; expected a number ${least}.`);
  }
  if (wait.kind === 'between' && wait.min > wait.max) {
    fail(`wait.min is ${wait.min} and wait.max is ${wait.max}; expected min to be the smaller one.`);
  }
}
