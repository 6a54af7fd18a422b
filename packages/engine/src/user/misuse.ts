import { EngineError } from '../errors.ts';
import type { WireRequest } from '../model/flight.ts';
import type { CompiledScenario } from '../model/compiled-run.ts';
import type { RequestSpec } from '../model/scenario.ts';
import { show } from '../show.ts';
import { RequestProblem } from '../transport/head.ts';
import { isPromise } from './is-promise.ts';

/* Errors of scenario code that calls its user with what cannot be used. */

/** The error for a request of an operation that the scenario does not declare, and for a request that is not an object. */
export function unknownOperation({ name, operations }: CompiledScenario, spec: unknown): EngineError {
  if (typeof spec !== 'object' || spec === null) {
    return new EngineError(
      'invalid-request',
      `scenario "${name}" requests ${show(spec)}; expected { operation: ..., path: ... }.`,
    );
  }
  const operation = 'operation' in spec ? spec.operation : undefined;
  const known = [...operations.keys()].join(', ');
  return new EngineError(
    'invalid-request',
    `scenario "${name}" requests operation ${show(operation)}, which it does not declare; expected one of: ${known}.`,
  );
}

/** The error for a `check` whose subject is a promise, or whose checks are not an object. */
export function uncheckable(scenario: string, subject: unknown, checks: unknown): EngineError {
  const problem = isPromise(subject)
    ? 'checks a promise; expected the response: await the request first'
    : `checks ${show(checks)}; expected an object of functions, such as { ok: (response) => response.status === 200 }`;
  return new EngineError('invalid-scenario', `scenario "${scenario}" ${problem}.`);
}

/** The error for a check that is no function, also for `check(checks, response)`. */
export function wrongCheck(scenario: string, name: string, check: unknown): EngineError {
  return new EngineError(
    'invalid-scenario',
    `scenario "${scenario}": check ${show(name)} is ${show(check)}; expected a function: user.check(response, { ok: (answer) => answer.status === 200 }).`,
  );
}

/** The error for an async check: a promise is truthy, so the check would always pass. */
export function asyncCheck(scenario: string, name: string, answer: PromiseLike<unknown>): EngineError {
  answer.then(undefined, () => undefined);
  return new EngineError(
    'invalid-scenario',
    `scenario "${scenario}": check ${show(name)} is asynchronous; expected true or false: await what it needs before the check.`,
  );
}

/** The error for code whose requests or waits are under way when it has ended. @param code such as `setup` */
export function notAwaited(scenario: string, code: string): EngineError {
  return new EngineError(
    'invalid-scenario',
    `scenario "${scenario}": ${code} ended before requests or waits that it had started; put 'await' before each, or before a Promise.all of them (forEach does not await).`,
  );
}

/** The error for tags of a metric that are not an object. */
export function wrongTags(scenario: string, metric: unknown, tags: unknown): EngineError {
  return new EngineError(
    'invalid-scenario',
    `scenario "${scenario}" records metric ${show(metric)} with tags ${show(tags)}; expected an object of strings.`,
  );
}

/** The error for a metric that the scenario does not declare. */
export function undeclaredMetric({ name, metrics }: CompiledScenario, metric: string): EngineError {
  const known = [...metrics.keys()].join(', ') || 'none';
  return new EngineError(
    'invalid-scenario',
    `scenario "${name}" records metric "${metric}", which it does not declare; declared: ${known}.`,
  );
}

/** What a request rejects with: a mistake of scenario code names scenario and request, any other error stays as it is. */
export function problemOf(scenario: string, spec: RequestSpec, error: unknown): Error {
  return error instanceof RequestProblem ? invalidRequest(scenario, spec, error) : (error as Error);
}

/** The error for a request that cannot be sent. */
function invalidRequest(
  scenario: string,
  { operation }: RequestSpec,
  { message, cause }: RequestProblem,
): EngineError {
  const request = `scenario "${scenario}": a request of "${operation}"`;
  return new EngineError('invalid-request', `${request} ${message}.`, { cause });
}

/** A WebSocket sends one message at a time. @throws RequestProblem */
export function checkOneMessage({ body }: WireRequest): void {
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) return;
  throw new RequestProblem(
    'has a body of several parts; expected text, bytes or json: one message of a WebSocket',
  );
}
