/**
 * What the scenarios share: resolved options, requests in the form of the dialect, tasks that the dialect supports.
 *
 * Must hold:
 * - A scenario requests only operations that the dialect has: it asks the dialect or `offerTasks` first. `createAsk` throws a
 *   TypeError for others.
 * - A scenario declares what it requests: the engine rejects the rest. `declareOperations` leaves out what the dialect lacks,
 *   without an error, and adds login and clean-up.
 */
import type { Demand, LoadResponse, Operation, RequestSpec, Task, VirtualUser } from '@jarvis-load/engine';
import type { Decoded, Dialect, JarvisOperation, OperationTypes } from '../dialects/dialect.ts';
import type { Recording } from '../data/recording.ts';
import type { OperationName } from '../dialects/operation-name.ts';
import { createChecks, type ScenarioChecks } from './checks.ts';
import type { JarvisScenarioOptions, NotOffered } from './options.ts';
import { createSessions, type Session, type Sessions } from './session.ts';
import type { LoginShared } from './log-in.ts';
import { resolveSettings, type JarvisSettings } from './settings.ts';

/** What every scenario derives from its options. */
export interface Kit {
  readonly scenario: string;
  readonly dialect: Dialect;
  readonly runId: string;
  readonly settings: JarvisSettings;
  readonly recordings: readonly Recording[];
  readonly sessions: Sessions;
  readonly checks: ScenarioChecks;
  readonly cleanUp: boolean;
  readonly now: () => number;
}

/** A response and its decoded result. */
export interface Asked<Name extends OperationName> {
  readonly response: LoadResponse;
  readonly result: Decoded<OperationTypes[Name]['result']>;
}

/** Sends one operation, which the scenario must have checked to exist in the dialect. */
export type Ask = <Name extends OperationName>(
  user: VirtualUser,
  session: Session,
  name: Name,
  input: OperationTypes[Name]['input'],
) => Promise<Asked<Name>>;

/** A task with the operations it needs; left out when the dialect lacks one of them. */
export interface TaskPlan<State> {
  readonly name: string;
  readonly weight: number;
  /** Mean number of requests per execution, by operation. */
  readonly requests: Partial<Record<OperationName, number>>;
  /** Think time inside the task, in seconds. @default 0 */
  readonly thinkSeconds?: number;
  run(user: VirtualUser, session: State): Promise<void>;
}

/**
 * Resolves the options of a scenario.
 * @throws JarvisError `invalid_setting`, `invalid_credentials_option`
 */
export function createKit(scenario: string, options: JarvisScenarioOptions): Kit {
  const now = options.now ?? Date.now;
  return {
    scenario,
    dialect: options.dialect,
    runId: options.runId,
    settings: resolveSettings({ ...options.settings }),
    recordings: options.recordings ?? [],
    sessions: createSessions({ ...options, now }),
    checks: createChecks(options.dialect),
    cleanUp: options.cleanUp ?? true,
    now,
  };
}

const NO_USABLE_ANSWER: Decoded<never> = { ok: false, reason: 'no usable answer' };

/** Builds the request of the dialect, sends it, and decodes the answer only if its outcome is ok. */
export function createAsk(dialect: Dialect): Ask {
  return async <Name extends OperationName>(
    user: VirtualUser,
    session: Session,
    name: Name,
    input: OperationTypes[Name]['input'],
  ): Promise<Asked<Name>> => {
    const operation = operationOf(dialect, name);
    const spec: RequestSpec = operation.request(input);
    const response = await session.send(user, operation, spec);
    return {
      response,
      result: response.outcome === 'ok' ? operation.interpret(response) : NO_USABLE_ANSWER,
    };
  };
}

function operationOf<Name extends OperationName>(dialect: Dialect, name: Name): JarvisOperation<Name> {
  const operation = dialect.operations[name];
  // A bug in the scenario: it must request only declared operations.
  if (operation === undefined) throw new TypeError(`dialect ${dialect.id} has no operation ${name}`);
  return operation;
}

/**
 * The named operations that the dialect has; before them the login when the credentials are accounts, after them those of the
 * clean-up when one of them creates conversations.
 */
export function declareOperations(kit: Kit, names: Iterable<OperationName>): readonly Operation[] {
  const wanted = new Set<OperationName>(
    kit.sessions.accountOf === undefined ? names : ['auth.login', ...names],
  );
  if (kit.cleanUp && cleansUp(wanted)) for (const name of CLEAN_UP_OPERATIONS) wanted.add(name);
  return [...wanted].flatMap((name) => {
    const operation = kit.dialect.operations[name];
    return operation === undefined ? [] : [engineOperation(operation)];
  });
}

/** Only the fields that the engine knows: it rejects unknown ones. */
function engineOperation({ name, method, route, accepts, maxPerSecond }: JarvisOperation): Operation {
  return { name, method, route, accepts, ...(maxPerSecond === undefined ? {} : { maxPerSecond }) };
}

/** Operations needed to delete the conversations of a run. */
const CLEAN_UP_OPERATIONS = ['chat.conversations', 'chat.delete'] as const;

const cleansUp = (names: ReadonlySet<OperationName>): boolean =>
  names.has('chat.send') || names.has('chat.create');

/** The tasks that the dialect supports, their combined demand, and the tasks left out. */
export interface OfferedTasks<State> {
  readonly tasks: readonly Task<LoginShared, State>[];
  readonly names: readonly OperationName[];
  readonly demand: Demand;
  readonly notOffered: readonly NotOffered[];
}

/** Splits the plans into supported tasks and those to report as left out. */
export function offerTasks<State>(
  kit: Kit,
  plans: readonly TaskPlan<State>[],
  waitSeconds: number,
): OfferedTasks<State> {
  const notOffered: NotOffered[] = [];
  const offered = plans.filter((plan) => {
    const missing = namesOf(plan.requests).filter((name) => kit.dialect.operations[name] === undefined);
    if (missing.length > 0) notOffered.push(leftOut(kit, plan.name, missing));
    return missing.length === 0;
  });
  const totalWeight = offered.reduce((sum, plan) => sum + plan.weight, 0);
  const requests: Partial<Record<OperationName, number>> = {};
  let thinkSeconds = 0;
  for (const plan of offered) {
    const share = plan.weight / totalWeight;
    thinkSeconds += share * (plan.thinkSeconds ?? 0);
    for (const name of namesOf(plan.requests)) {
      requests[name] = (requests[name] ?? 0) + share * (plan.requests[name] ?? 0);
    }
  }
  return {
    tasks: offered.map((plan) => ({
      name: plan.name,
      weight: plan.weight,
      run: (user, { state }) => plan.run(user, state),
    })),
    names: namesOf(requests),
    demand: {
      iterationSeconds: waitSeconds + thinkSeconds,
      requests,
      startRequests: kit.sessions.startRequests,
    },
    notOffered,
  };
}

/** Describes a left-out part of a scenario and the reason. */
export function leftOut(
  kit: Pick<Kit, 'scenario' | 'dialect'>,
  part: string,
  operations: readonly OperationName[],
  why = `it has no ${operations.join(', no ')}`,
): NotOffered {
  return {
    scenario: kit.scenario,
    part,
    operations,
    text: `Scenario ${kit.scenario}: ${part} is left out: not offered by dialect ${kit.dialect.id} (${why}).`,
  };
}

const namesOf = (requests: Partial<Record<OperationName, number>>): readonly OperationName[] =>
  Object.keys(requests) as OperationName[];
