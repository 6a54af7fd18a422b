import type { RunResult } from '../document/schema.ts';
import type { ExecutorOptions, RampingVusOptions } from './executor-options.ts';
import type { Objective } from './objective.ts';
import type { Demand, MetricDeclaration, Operation, RequestSpec, ScenarioDefinition } from './scenario.ts';
import type { LoadResponse } from './load-response.ts';

/*
 * What the command line needs to know of a thing to test (`Suite`).
 *
 * Must hold:
 * - Facts, settings and files are sent to threads: plain data. `create` runs in each thread and must give equal scenarios.
 * - `readFiles` is called before any target is contacted; `beforeRun`, then `prepare`, once the guard has admitted the target.
 * - `detail`, `reasons`, `version` and examples hold words of the target: whoever shows them cleans them first.
 * - What a run stores on the target is deleted by each scenario's `teardown`.
 */

/** An account of the target. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** Accounts to log in with, or an existing token. */
export type Credentials = { readonly accounts: readonly Account[] } | { readonly token: string };

/** One login for all users, or one for each. */
export type Identity = 'shared' | 'per-user';

/** What is known of a scenario before a target is asked. A {@link ScenarioDefinition} is one. */
export interface SuiteScenario {
  /** Unique in the suite. */
  readonly name: string;
  /** A sentence for the list of scenarios. */
  readonly description?: string;
  /** Runs when no scenario is named. @default true */
  readonly byDefault?: boolean;
  /** `all` leaves it out, as it needs another API than the others. @default false */
  readonly onlyByName?: boolean;
  /** Every operation it may request of any target: what thresholds may name. */
  readonly operations: readonly Operation[];
  /** Custom metrics it may record. @default [] */
  readonly metrics?: readonly MetricDeclaration[];
  /** What an iteration asks for, where that is the same for all targets. @default unknown */
  readonly demand?: Demand;
  /** Its own load, used when none is asked for. @default a profile of the suite */
  readonly executor?: ExecutorOptions;
}

/** A scenario for a target, with the parts of it that the target does not offer. */
export interface SuiteDefinition extends ScenarioDefinition {
  /** Parts that are left out, a sentence each. @default [] */
  readonly notOffered?: readonly { readonly text: string }[];
}

/** A setting, given as `--set name=value`: a JSON Schema, such as one made by TypeBox. */
export interface SettingSchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean';
  /** A sentence for the help. */
  readonly description?: string;
  readonly default?: string | number | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  /** A path, which the caller makes absolute. */
  readonly format?: 'folder' | 'file';
}

/** Values of settings as text, by name. */
export type SettingTexts = Readonly<Record<string, string>>;

/** What a profile is asked for, for one scenario. */
export interface ProfileRequest {
  /** Highest number of users. @default the profile's */
  readonly users?: number;
  /** Factor on the length of every stage. @default 1 */
  readonly timeScale?: number;
  /** Total length; exclusive with `timeScale`. @default the profile's */
  readonly durationMs?: number;
  /** Of the scenario, for profiles that derive the number of users from it. @default unknown */
  readonly demand?: Demand;
}

/** A named load over time. */
export interface SuiteProfile {
  readonly name: string;
  readonly description: string;
  readonly durationMs: number;
  /** The load for one scenario. */
  executor(request: ProfileRequest): RampingVusOptions;
}

/** A named set of promises. */
export interface SuiteObjectives {
  readonly description: string;
  /** Those on operations that a run does not request are left out. */
  readonly objectives: readonly Objective[];
}

/** At most `requests` in `perSeconds`, counted over the operations together. */
export interface RateLimit {
  /** Such as `chat`. */
  readonly name: string;
  readonly operations: readonly string[];
  readonly requests: number;
  readonly perSeconds: number;
  /** Whose requests are counted together: those with one token, of one account, or from one address. */
  readonly scope: 'token' | 'user' | 'address';
  /** Source of the number, and what the source leaves open. */
  readonly source: string;
}

/** What a run measured of one operation that was refused with 429. */
export interface LimitedOperation {
  readonly operation: string;
  readonly method: string;
  readonly route: string;
  /** Completed requests, including refused ones. */
  readonly requests: number;
  readonly rateLimited: number;
  /** Requests with outcome `ok`. */
  readonly accepted: number;
  /** Time in which they were made, the base of rates: without a start that is later, and without the drain. */
  readonly durationMs: number;
  /** Status and body of one refusal: untrusted text. */
  readonly example?: { readonly status: number; readonly body: string };
}

/** What can be said about rate limits; the callers add when and where. */
export interface LimitAdviser {
  /** Before a run: limits that the plan exceeds, a text each. */
  exceeded(
    scenarios: readonly Required<Pick<ScenarioDefinition, 'name' | 'demand' | 'executor'>>[],
    limits: readonly RateLimit[],
    who: { readonly identity: Identity; readonly accounts?: number },
  ): readonly string[];
  /** After a run: which limit was hit, and the rate that was accepted. */
  hit(operation: LimitedOperation, limits: readonly RateLimit[]): string;
}

/** Sends one request of {@link Suite.probeOperations} without load; a failure is a response. */
export interface ProbeClient {
  request(spec: RequestSpec): Promise<LoadResponse>;
}

/** What is told to a suite that looks at a target. */
export interface ProbeRequestOfSuite {
  /** Undefined for a suite without `login`, when none were given. */
  readonly credentials: Credentials | undefined;
  readonly runId: string;
  /** Names of the scenarios that will run. @default not known: what any may need */
  readonly scenarios?: readonly string[];
  /** `facts`: as few requests as tell the facts; else every operation once, `writes`: also those that store something. */
  readonly depth: 'facts' | 'reads' | 'writes';
}

/** How one operation answered a probe: as promised, another answer, not found, refused, rate-limited, failed, or not requested. */
export interface ProbedOperation {
  readonly name: string;
  readonly method: string;
  readonly route: string;
  /** 0 when there was no answer or no request. */
  readonly status: number;
  readonly verdict: 'ok' | 'wrong' | 'missing' | 'refused' | 'limited' | 'failed' | 'skipped';
  /** A sentence; parts of it come from the target: untrusted text. */
  readonly detail: string;
  readonly durationMs: number | undefined;
}

/** Why a target cannot be loaded. */
export interface SuiteFailure {
  /**
   * `unreachable`: no answer. `login-refused`: rejects the credentials. `unavailable`: answers with failures only, which
   * tell nothing. `neither`: another API.
   */
  readonly kind: 'unreachable' | 'login-refused' | 'unavailable' | 'neither';
  /** Follows the URL in the error, such as "is not the shop". @default a sentence by kind */
  readonly problem?: string;
  /** Sentences; parts of them come from the target: untrusted text. */
  readonly reasons: readonly string[];
  /** Error code of the transport, such as `CERT_HAS_EXPIRED`. */
  readonly code?: string;
  /** What the person should do. @default a sentence by kind */
  readonly next?: string;
}

/** What a suite found out about a target. */
export interface SuiteFindings<Facts> {
  /** What the scenarios need to know of the target; plain data, as it is sent to threads. Undefined with a `failure`. */
  readonly facts: Facts | undefined;
  readonly failure?: SuiteFailure;
  /** Name of the contract that the target speaks, where there are several. */
  readonly dialect?: string;
  /** Version of the target: untrusted text. */
  readonly version?: string;
  /** With another depth than `facts`. */
  readonly operations?: readonly ProbedOperation[];
}

/** What scenarios are made from; plain data, as each thread makes its own. */
export interface SuiteContext<Facts> {
  /** As `prepare` found them; undefined for a suite without `prepare`. */
  readonly facts: Facts;
  readonly credentials: Credentials | undefined;
  readonly identity: Identity;
  readonly runId: string;
  readonly settings: SettingTexts;
  /** What `readFiles` returned. */
  readonly files: unknown;
}

/** What the function that a test file exports gets beside its settings. */
export interface TestContext {
  /** Of `--accounts`, `--username` or `--token`; undefined when none are given. */
  readonly credentials: Credentials | undefined;
  /** One login for all users, or one for each. */
  readonly identity: Identity;
}

/** A run that is about to begin, or has ended. */
export interface RunOfSuite {
  readonly runId: string;
  /** Address of the target, which the guard has allowed. */
  readonly baseUrl: string;
}

/** Called once before the first request to the target; an error ends the command. */
export type BeforeRun = (run: RunOfSuite) => void | Promise<void>;

/** Called once with the finished document; an error becomes a warning. */
export type AfterRun = (result: RunResult, run: RunOfSuite) => void | Promise<void>;

interface SuiteParts<Facts> {
  /** Short and stable, such as `jarvis`. */
  readonly name: string;
  /** As people call the API under test. @default the name */
  readonly title?: string;
  /** Settings by name. @default {} */
  readonly settings?: Readonly<Record<string, SettingSchema>>;
  /** Load profiles by name. @default the standard ones of the caller */
  readonly profiles?: readonly SuiteProfile[];
  /** Sets of objectives by name; the first is the default. @default {} */
  readonly objectives?: Readonly<Record<string, SuiteObjectives>>;
  /** Names of all operations, for limits in a config file. @default those of the scenarios */
  readonly operationNames?: readonly string[];
  /** Advice on rate limits. @default the standard one of the caller */
  readonly limits?: LimitAdviser;
  /** Users log in, so credentials are needed. @default nobody logs in, and credentials are optional */
  readonly login?: {
    /** Used on loopback when no credentials are given, and never sent to another machine. */
    readonly testAccount?: Account;
  };
  /** Environment variable with a token, such as `OPENAI_API_KEY`, used where no credentials are given. @default none */
  readonly tokenVariable?: string;
  /** What `prepare` may request. @default the operations of the scenarios */
  readonly probeOperations?: readonly Operation[];
  /** @default nothing is done */
  readonly beforeRun?: BeforeRun;
  /** @default nothing is done */
  readonly afterRun?: AfterRun;
  /** Finds out what the target is, with few requests and before any load. @default nothing is asked */
  prepare?(client: ProbeClient, request: ProbeRequestOfSuite): Promise<SuiteFindings<Facts>>;
  /**
   * Reads what the chosen scenarios need from files, before a target is contacted; plain data, as it is sent to
   * threads. Throws when a file cannot be used.
   */
  readFiles?(scenarios: readonly SuiteScenario[], settings: SettingTexts): unknown;
  /** Whether an error of this suite is one that the person can correct: wrong settings, credentials, files. @default false */
  isInputError?(error: unknown): boolean;
}

/** A suite whose scenarios are the same for every target: a name and definitions are enough. */
export interface FixedSuite extends SuiteParts<unknown> {
  readonly scenarios: readonly SuiteDefinition[];
  readonly create?: never;
}

/** A suite whose scenarios depend on facts about the target, settings or credentials. */
export interface PreparedSuite<Facts = unknown> extends SuiteParts<Facts> {
  readonly scenarios: readonly SuiteScenario[];
  /** The named scenarios for a target; called in each thread, so its result must depend on its arguments alone. */
  create(names: readonly string[], context: SuiteContext<Facts>): readonly SuiteDefinition[];
}

/** A thing to test. */
export type Suite = FixedSuite | PreparedSuite;
