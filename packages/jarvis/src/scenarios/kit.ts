import type { Demand, LoadResponse, Operation, RequestSpec, Task, VirtualUser } from '@jarvis-load/engine';
import type { Decoded, Dialect, JarvisOperation, OperationTypes } from '../dialects/dialect.ts';
import type { Recording } from '../data/recording.ts';
import type { OperationName } from '../dialects/operation-name.ts';
import { createChecks, type ScenarioChecks } from './checks.ts';
import type { JarvisScenarioOptions, NotOffered } from './options.ts';
import { createSessions, type LoginShared, type Session, type Sessions } from './session.ts';
import { resolveSettings, type JarvisSettings } from './settings.ts';

/** What the scenarios are made with: everything that follows from the options. */
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

/** An answer, and what it means when it is what the operation promises. */
export interface Asked<Name extends OperationName> {
  readonly response: LoadResponse;
  readonly result: Decoded<OperationTypes[Name]['result']>;
}

/** Sends one operation of the dialect that the scenario made sure of. */
export type Ask = <Name extends OperationName>(
  user: VirtualUser,
  session: Session,
  name: Name,
  input: OperationTypes[Name]['input'],
) => Promise<Asked<Name>>;

/** A task, with what it takes: left out where the dialect lacks an operation. */
export interface TaskPlan<State> {
  readonly name: string;
  readonly weight: number;
  /** Requests it makes on average, by operation. */
  readonly requests: Partial<Record<OperationName, number>>;
  /** Think time inside the task, in seconds. @default 0 */
  readonly thinkSeconds?: number;
  run(user: VirtualUser, session: State): Promise<void>;
}

/** Resolves the options of a scenario. */
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

const NO_SUCH_OPERATION: Decoded<never> = { ok: false, reason: 'no usable answer' };

/** How scenarios ask: builds the request of the dialect, and reads the answer only when its outcome is ok. */
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
    return { response, result: response.outcome === 'ok' ? operation.decode(response) : NO_SUCH_OPERATION };
  };
}

function operationOf<Name extends OperationName>(dialect: Dialect, name: Name): JarvisOperation<Name> {
  const operation = dialect.operations[name];
  // A scenario asks only for what it declared, so this is a bug of the scenario.
  if (operation === undefined) throw new TypeError(`dialect ${dialect.id} has no operation ${name}`);
  return operation;
}

/** The operations of that name that the dialect has, login first where there is something to log in with. */
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

/** The part of an operation that engines know: they refuse names that are none of theirs. */
function engineOperation({ name, method, route, accepts, maxPerSecond }: JarvisOperation): Operation {
  return { name, method, route, accepts, ...(maxPerSecond === undefined ? {} : { maxPerSecond }) };
}

/** What the end of a run needs to delete its conversations. */
const CLEAN_UP_OPERATIONS = ['chat.conversations', 'chat.delete'] as const;

const cleansUp = (names: ReadonlySet<OperationName>): boolean =>
  names.has('chat.send') || names.has('chat.create');

/** The tasks that the dialect offers, what they ask for together, and what was left out. */
export interface OfferedTasks<State> {
  readonly tasks: readonly Task<LoginShared, State>[];
  readonly names: readonly OperationName[];
  readonly demand: Demand;
  readonly notOffered: readonly NotOffered[];
}

/** Leaves out what the dialect cannot do, and says so. */
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

/** Says in words what was left out of a scenario, and why. */
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
