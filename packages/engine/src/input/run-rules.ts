/*
 * The rules of the options of a run and of a client, one for each option: a type error says where one is missing.
 *
 * Must hold:
 * - A rule sees one value. What options are to each other, to URLs and to headers is checked in `definition/resolve-options.ts`,
 *   thresholds by `ThresholdJudge`, scenarios by `scenario-rules.ts`.
 * - An option that may hold a secret has the rule `secretText`: other rules show the value in their error.
 */

import type { ClientOptions } from '../model/client-options.ts';
import type { AllowedHost } from '../model/allowed-host.ts';
import { isPlainObject, MOST_USERS, OptionReader, type OptionOwner } from './option-reader.ts';
import type { WatchedProcess } from '../model/watched-process.ts';
import type { CircuitBreakerOptions, RunOptions, TimeoutOptions } from '../model/run-options.ts';
import type { Objective } from '../model/objective.ts';
import type { Output } from '../model/output.ts';
import type { ScenarioModule } from '../model/scenario-module.ts';
import { TLS } from './tls-rules.ts';
import {
  anything,
  callback,
  check,
  checkOwned,
  duration,
  flag,
  having,
  integer,
  listOf,
  mapOf,
  numberFrom,
  object,
  oneOf,
  ownData,
  required,
  secretText,
  share,
  tags,
  text,
  textLike,
  timerMs,
  wholeNumber,
  words,
  type Rule,
  type Rules,
} from './rules.ts';

/** Far beyond what any server sends. */
const MOST_HEADER_BYTES = 16 * 1024 * 1024;
/** More threads than any machine has processors. */
const MOST_THREADS = 1024;

const TIMEOUTS: Rules<TimeoutOptions> = {
  connectMs: timerMs,
  setupMs: timerMs,
  outputMs: timerMs,
  headersMs: timerMs,
  bodyMs: timerMs,
  requestMs: timerMs,
};

const CIRCUIT_BREAKER: Rules<CircuitBreakerOptions> = {
  failureShare: share,
  forMs: timerMs,
  minRequests: integer(1, Number.MAX_SAFE_INTEGER),
};

const MODULE: Rules<ScenarioModule> = {
  module: required(text),
  export: text,
  options: anything,
};

const OBJECTIVE: Rules<Objective> = {
  operation: required(text),
  p50Ms: numberFrom('positive'),
  p95Ms: numberFrom('positive'),
  p99Ms: numberFrom('positive'),
  errorRate: share,
  requestsPerSecondPer100Users: numberFrom('any'),
};

const objectives = listOf('objective', "{ operation: 'cart.get', p95Ms: 500 }", OBJECTIVE);

const WATCHED: Rules<WatchedProcess> = {
  name: required(text),
  pid: required(integer(1, 2 ** 31 - 1)),
};

const ALLOWED: Rules<AllowedHost> = {
  host: required(text),
  port: integer(1, 65_535),
  maxUsers: integer(1, Number.MAX_SAFE_INTEGER),
  maxRate: numberFrom('positive'),
  maxDuration: duration,
};

const OUTPUT: Rules<Output> = {
  name: required(text),
  required: flag,
  start: callback('(run) => open(run.runId)'),
  interval: callback('(snapshot) => write(snapshot.summary)'),
  event: callback('(event) => console.log(event.type)'),
  stop: callback('(result) => close()'),
};

const outputs: Rule = (reader, option) => {
  const seen = new Set<string>();
  for (const item of reader.list(option, 'output', "{ name: 'mine', interval: (snapshot) => ... }", 0)) {
    checkOwned(item, OUTPUT);
    const name = item.text('name');
    if (seen.has(name)) item.reject('name', 'a name that no other output has');
    seen.add(name);
  }
};

const DESCRIBE: Rules<NonNullable<RunOptions['describe']>> = {
  target: object("{ name: 'staging' }", {
    name: required(text),
    dialect: words,
    detail: words,
    clockAheadMs: object('{ least: -500, most: 540 }', {
      least: required(wholeNumber),
      most: required(wholeNumber),
    }),
  }),
  config: ownData,
  notes: listOf('note', "{ level: 'info', code: 'mine', text: '...' }", {
    level: required(oneOf('info', 'warning')),
    code: required(text),
    text: required(words),
  }),
};

const scenarios: Rule = (reader, option) => {
  const value = reader.value(option);
  // Each one is checked under its own name.
  if (Array.isArray(value)) return;
  if (typeof value !== 'object' || value === null || !('module' in value)) {
    reader.reject(option, 'a list of scenarios, or { module: ... }, the module that exports them');
  }
  object('{ module: ... }', MODULE)(reader, option);
};

const addresses: Rule = (reader, option) => {
  const value = reader.value(option);
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((address) => typeof address === 'string' && address !== '')) {
    reader.reject(option, "an address such as '127.0.0.1', or a list of them");
  }
};

const circuitBreaker: Rule = (reader, option) => {
  if (reader.value(option) !== false)
    object('{ failureShare: 0.5 }, or false', CIRCUIT_BREAKER)(reader, option);
};

const MOST_PARTS = 10_000;

const headers = mapOf("{ 'x-team': 'voice' }", secretText);

const PART = { index: required(wholeNumber), of: required(integer(1, MOST_PARTS)) };

const part: Rule = (reader, option) => {
  object('{ index: 0, of: 5 }', PART)(reader, option);
  const inner = reader.object(option, '{ index: 0, of: 5 }');
  // The first part has index 0.
  inner.integer('index', 0, undefined, inner.integer('of', 1, undefined, MOST_PARTS) - 1);
};

/** What a run and a client have in common. */
const COMMON = {
  baseUrl: required(textLike('a URL such as http://127.0.0.1:8100')),
  runId: text,
  headers,
  userAgent: text,
  address: addresses,
  allow: listOf('host', "{ host: 'staging.example.org', maxUsers: 50 }", ALLOWED),
  resolve: callback("async (host) => ['127.0.0.1']"),
  tls: object('{ rejectUnauthorized: false }', TLS),
  http2: flag,
  cookies: flag,
  timeouts: object('{ requestMs: 5000 }', TIMEOUTS),
  maxBodyBytes: integer(1, Number.MAX_SAFE_INTEGER),
  maxHeaderBytes: integer(1, MOST_HEADER_BYTES),
  onExchange: callback('(exchange) => console.log(exchange.url)'),
} as const;

const RUN: Rules<RunOptions> = {
  ...COMMON,
  scenarios: required(scenarios),
  threads: integer(1, MOST_THREADS),
  // Parsed later, when the metrics are known.
  thresholds: anything,
  objectives,
  seed: wholeNumber,
  part,
  startAtMs: wholeNumber,
  tags,
  watchProcesses: listOf('process', "{ name: 'mock', pid: 1234 }", WATCHED),
  connections: oneOf('per-user', 'shared'),
  maxConnections: integer(1, MOST_USERS),
  pacing: oneOf('efficient', 'precise'),
  warmUp: flag,
  maxDroppedShare: share,
  strict: flag,
  trace: share,
  circuitBreaker,
  signal: having('an AbortSignal', 'addEventListener', 'removeEventListener'),
  outputs,
  onEvent: callback('(event) => console.log(event.type)'),
  clock: having('a clock, such as a VirtualClock', 'now', 'wallNow', 'setTimer', 'clearTimer', 'soon'),
  transport: having('a transport, such as a ScriptedTarget', 'connection'),
  describe: object("{ target: { name: 'staging' } }", DESCRIBE),
};

const CLIENT: Rules<ClientOptions> = {
  ...COMMON,
  // Checked like the operations of a scenario.
  operations: required(anything),
  phase: oneOf('probe', 'setup', 'teardown', 'warm-up'),
};

const RUN_OWNER: OptionOwner = { name: '', noun: 'run option', code: 'invalid-option' };
const CLIENT_OWNER: OptionOwner = { name: '', noun: 'client option', code: 'invalid-option' };

/** @throws EngineError `invalid-option` that names the path, the value and what was expected */
export function checkRunOptions(options: RunOptions): void {
  checkRoot(options, RUN_OWNER, RUN, "{ baseUrl: 'http://127.0.0.1:8100', scenarios: [...] }");
}

/** @throws EngineError `invalid-option` that names the path, the value and what was expected */
export function checkClientOptions(options: ClientOptions): void {
  checkRoot(options, CLIENT_OWNER, CLIENT, "{ baseUrl: 'http://127.0.0.1:8100', operations: [...] }");
}

/**
 * Checks objectives as `startLoad` does, but for their operations.
 * @throws EngineError `invalid-option` that names the path, the value and what was expected
 */
export function checkObjectives(list: readonly Objective[]): void {
  check(new OptionReader({ objectives: list }, { ...RUN_OWNER, noun: 'option' }), { objectives });
}

function checkRoot(
  options: unknown,
  owner: OptionOwner,
  rules: Readonly<Record<string, Rule>>,
  example: string,
): void {
  const reader: OptionReader = new OptionReader({ options }, owner);
  if (!isPlainObject(options)) reader.reject('options', `an object, such as ${example}`);
  check(new OptionReader(options, owner), rules);
}

/** Every name of a run's options, for the reference. */
export const RUN_OPTION_NAMES: readonly string[] = Object.keys(RUN);
