/*
 * The rules of a scenario, one for each member: a type error says where one is missing, but not within a wait time (`WAITS`).
 *
 * Must hold: a rule sees one value. Executors are checked by `resolveExecutor`, thresholds by `ThresholdJudge`, names that occur
 * twice and bases of operations by `compileRun`. What belongs to a run, a file or another tool, and not into a scenario, is named
 * in `ELSEWHERE`; further members of a scenario's own are accepted unless their name is similar to a known one.
 */

import { BUILTIN_TAGS } from '../builtin-tags.ts';
import { schemaProblem } from './schema-problem.ts';
import { MAX_TIMER_MS } from '../duration.ts';
import { EngineError } from '../errors.ts';
import type {
  BaseOptions,
  Demand,
  MetricDeclaration,
  Operation,
  ScenarioDefinition,
  Task,
  WaitTime,
} from '../model/scenario.ts';
import { show } from '../show.ts';
import { isPlainObject, OptionReader } from './option-reader.ts';
import { TLS } from './tls-rules.ts';
import {
  anything,
  callback,
  check,
  checkOwned,
  duration,
  listOf,
  mapOf,
  numberFrom,
  object,
  oneOf,
  required,
  tags,
  text,
  words,
  type Rule,
  type Rules,
} from './rules.ts';

const seconds = numberFrom('any', Math.floor(MAX_TIMER_MS / 1000));
const run = callback('async (user) => { ... }');

const statuses: Rule = (reader, option) => {
  const value: unknown = reader.value(option);
  const isStatus = (each: unknown): boolean =>
    Number.isInteger(each) && Number(each) >= 100 && Number(each) <= 599;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isStatus)) {
    reader.reject(option, 'a list of statuses such as [200, 404]');
  }
};

const BASE: Rules<BaseOptions> = { url: required(text), tls: object('{ cert, key }', TLS) };
const baseObject = object("{ url: 'https://auth.example.org', tls: { cert, key } }", BASE);

/** An address, or an object of one with options. */
const base: Rule = (reader, option) => {
  const rule = typeof reader.value(option) === 'string' ? text : baseObject;
  rule(reader, option);
};

const feeders: Rule = (reader, option) => {
  const value: unknown = reader.value(option);
  const isFeeder = (each: unknown): boolean =>
    isPlainObject(each) && 'row' in each && typeof each.row === 'function';
  if (!Array.isArray(value) || !value.every(isFeeder)) {
    reader.reject(option, "a list of feeders, such as [feeder.csv('accounts.csv')]");
  }
};

/** Tags that requests get from the engine, `group` from `user.group`. */
const OWN_TAGS = [...BUILTIN_TAGS, 'group'];

const requestTags: Rule = (reader, option) => {
  const value: unknown = reader.value(option);
  const names: readonly unknown[] = Array.isArray(value) ? value : [''];
  if (!names.every((each) => typeof each === 'string' && each !== '')) {
    reader.reject(option, "a list of names, such as ['page']");
  }
  if (names.some((each) => OWN_TAGS.includes(String(each)))) {
    reader.reject(option, `other names than ${OWN_TAGS.join(', ')}, which every request may have`);
  }
};

const answerSchema: Rule = (reader, option) => {
  const problem = schemaProblem(reader.value(option));
  if (problem !== undefined) throw reader.error(`${reader.pathOf(option)} is ${problem}.`);
};

const OPERATION: Rules<Operation> = {
  name: required(text),
  method: required(oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')),
  route: required(text),
  accepts: callback("(response) => (response.text() === '' ? 'empty' : undefined)"),
  inBandError: callback("(response) => (response.json()?.error === undefined ? undefined : 'error')"),
  answer: answerSchema,
  expect: statuses,
  base: text,
  tags,
  maxPerSecond: numberFrom('positive'),
  stream: oneOf('sse', 'ndjson', 'chunked', 'websocket'),
  decode: callback("(event) => ({ kind: 'token', text: event.data })"),
  endsWith: oneOf('done', 'close'),
  idleTimeout: duration,
  good: text,
};

const METRIC: Rules<MetricDeclaration> = {
  name: required(text),
  kind: required(oneOf('counter', 'gauge', 'rate', 'trend')),
  unit: oneOf('ms', 's', 'bytes', 'count'),
};

const TASK: Rules<Task> = {
  name: required(text),
  weight: required(numberFrom('positive')),
  run: required(run),
};

const DEMAND: Rules<Demand> = {
  iterationSeconds: required(numberFrom('any')),
  requests: required(mapOf("{ 'cart.get': 1 }", numberFrom('any'))),
  startRequests: mapOf("{ 'cart.open': 1 }", numberFrom('any')),
};

/** The numbers of each kind of wait, in seconds or per second. */
const WAITS: Readonly<Record<WaitTime['kind'], Readonly<Record<string, Rule>>>> = {
  between: { min: required(seconds), max: required(seconds) },
  constant: { seconds: required(seconds) },
  'constant-pacing': { seconds: required(seconds) },
  'constant-throughput': { perSecond: required(numberFrom('positive')) },
};

const wait: Rule = (reader, option) => {
  const inner = reader.object(option, "{ kind: 'between', min: 1, max: 3 }");
  const kinds = Object.keys(WAITS) as WaitTime['kind'][];
  if (!inner.has('kind')) inner.reject('kind', `one of ${kinds.map(show).join(', ')}`);
  const kind = inner.choice('kind', kinds, 'between');
  check(inner, { kind: anything, ...WAITS[kind] });
  if (kind === 'between' && inner.number('min', 'any') > inner.number('max', 'any')) {
    inner.reject('min', `at most max, which is ${show(inner.value('max'))}`);
  }
};

const SCENARIO: Rules<ScenarioDefinition> = {
  name: required(text),
  description: words,
  operations: required(listOf('operation', "{ name: 'ask', method: 'GET', route: '/ask' }", OPERATION)),
  bases: mapOf("{ auth: 'https://auth.example.org' }", base),
  requestTags,
  feeders,
  metrics: listOf('metric', "{ name: 'words', kind: 'trend' }", METRIC),
  setup: run,
  onStart: run,
  run,
  tasks: listOf('task', "{ name: 'ask', weight: 1, run: async (user) => { ... } }", TASK, 1),
  wait,
  onStop: run,
  teardown: run,
  // Checked and converted by `resolveExecutor` and `parseThresholds`.
  executor: anything,
  thresholds: anything,
  demand: object("{ iterationSeconds: 2, requests: { 'cart.get': 1 } }", DEMAND),
  tags,
};

/** What belongs elsewhere, and would be ignored in a scenario. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  cookies: "an option of the run: --cookies, or cookies of the engine's options",
  http2: "an option of the run: --http2, or http2 of the engine's options",
  timeouts: 'an option of the run; a request has timeoutMs',
  baseUrl: 'the address of the target: --target; another one is given by bases',
  target: 'a flag: --target; another address is given by bases',
  vus: "a part of its executor: { kind: 'constant-vus', vus: 5, duration: '1m' }",
  rate: "a part of its executor: { kind: 'constant-arrival-rate', rate: 20, duration: '1m', maxVUs: 100 }",
  stages: "a part of its executor: { kind: 'ramping-vus', stages: [...] }",
  duration: "a part of its executor: { kind: 'constant-vus', vus: 5, duration: '1m' }",
  iterations: "a part of its executor: { kind: 'shared-iterations', vus: 5, iterations: 100 }",
  objectives: 'an export of its own: export const objectives = [...]',
  beforeRun: 'an export of its own: export const beforeRun = ...',
  afterRun: 'an export of its own: export const afterRun = ...',
};

/**
 * Checks a scenario, which plain JavaScript may pass with any type.
 * @throws EngineError `invalid-scenario` that names the scenario, the path, the value and what was expected
 */
export function checkScenario(definition: ScenarioDefinition, number: number): void {
  const value: unknown = definition;
  if (!isPlainObject(value)) {
    throw new EngineError(
      'invalid-scenario',
      `scenario ${number} is ${show(value)}; expected a scenario, see defineScenario.`,
    );
  }
  const nameless = new OptionReader(value, {
    name: `scenario ${number}`,
    noun: 'part of a scenario',
    code: 'invalid-scenario',
  });
  const name = nameless.text('name');
  const reader = new OptionReader(value, {
    name: `scenario ${show(name)}`,
    noun: 'part of a scenario',
    code: 'invalid-scenario',
  });
  checkOwned(reader, SCENARIO);
  for (const option of reader.names)
    if (Object.hasOwn(ELSEWHERE, option))
      throw reader.error(`has ${show(option)}, which is ${ELSEWHERE[option]!}.`);
  if (reader.has('tasks') && reader.has('run')) {
    throw reader.error('has both run and tasks; expected one of them: a journey or weighted tasks.');
  }
  if (!reader.has('run') && !reader.has('tasks')) {
    throw reader.error('has neither run nor tasks; expected what a user does in one iteration.');
  }
  if (!reader.has('executor')) {
    throw reader.error(
      "has no executor; expected one such as { kind: 'constant-vus', vus: 10, duration: '30s' }.",
    );
  }
}

/** The names of what a run's scenario may have, for the reference. */
export const SCENARIO_NAMES: readonly string[] = Object.keys(SCENARIO);
