/**
 * The suite `jarvis`: the Jarvis API for the command line. Its only I/O are requests of the client that `prepare` gets.
 *
 * Must hold:
 * - The caller adds `readFiles` (`apps/cli/src/suites`), which returns {@link SuiteFiles}: without them `create` throws.
 * - Facts are plain data without secrets: every thread calls `create` with them again, and must get the same scenarios.
 * - `probeOperations` has every operation that `prepare` requests, `operationNames` every one that a scenario requests.
 * - Every scenario of `SCENARIOS` is created for each dialect while this file is imported (`toSuiteScenario`), and each of an
 *   assistant once (`listed`): none may throw.
 */
import type {
  Credentials,
  LimitAdviser,
  LoadResponse,
  Operation,
  PreparedSuite,
  SettingSchema,
  SuiteFailure,
  SuiteFindings,
  SuiteProfile,
  SuiteScenario,
} from '@jarvis-load/engine';
import type { Recording } from './data/recording.ts';
import { decodeFailure, type JarvisFailure } from './dialects/decode-failure.ts';
import { DIALECTS, dialectById } from './dialects/dialect-by-id.ts';
import type { DialectId } from './dialects/dialect.ts';
import { OPERATION_NAMES } from './dialects/operation-name.ts';
import { JarvisError } from './error.ts';
import { describeLimitHit } from './limits/describe-limit-hit.ts';
import { limitAdvice } from './limits/limit-advice.ts';
import { OBJECTIVE_SETS } from './objectives.ts';
import { detectDialect, type Detection } from './probe/detect-dialect.ts';
import { PROBE_OPERATIONS } from './probe/probe-operations.ts';
import { probeTarget, type ProbeReport } from './probe/probe-target.ts';
import {
  assistantScenario,
  ASSISTANT_SCENARIOS,
  createAssistant,
  listed,
  probedOperations,
  type AssistantEntry,
} from './openai/catalog.ts';
import type { SuiteFiles } from './openai/files.ts';
import { MODELS } from './openai/operations.ts';
import { probeAssistant } from './openai/probe-assistant.ts';
import { OPENAI_SETTINGS, otherSettings } from './openai/settings.ts';
import { profileExecutor } from './profiles/profile-executor.ts';
import { PROFILES, profileDurationMs } from './profiles/profile.ts';
import { SOCKET_OPERATION } from './scenarios/chat-socket.ts';
import { SCENARIOS, scenarioByName, type ScenarioEntry } from './scenarios/catalog.ts';
import { COMMAND, DEV_KEY } from './scenarios/command.ts';
import { resolveSettings, SETTINGS } from './scenarios/settings.ts';
import { SOCKET_SETTINGS } from './scenarios/socket-settings.ts';
import { TELEMETRY, TELEMETRY_SETTINGS } from './scenarios/telemetry.ts';

/** What the scenarios need to know of a target. */
export interface JarvisFacts {
  /** undefined: no chosen scenario depends on it. */
  readonly dialect: DialectId | undefined;
  /** As `GET /v1/models` lists them; empty where no chosen scenario asks a model. */
  readonly models?: readonly string[];
}

/** In place of recordings where a scenario is created only to list it. */
const NO_RECORDING: Recording = { said: '', audioBase64: '' };

/** A scenario as it is listed, with the operations of all dialects: of several with one name, that of the first dialect. */
function toSuiteScenario({ name, description, byDefault, onlyByName, create }: ScenarioEntry): SuiteScenario {
  const [usual, ...others] = DIALECTS.map((dialect) =>
    create({ dialect, credentials: { token: 'none' }, runId: 'none', recordings: [NO_RECORDING] }),
  );
  const operations = new Map<string, Operation>();
  for (const definition of [usual, ...others])
    for (const operation of definition?.operations ?? [])
      if (!operations.has(operation.name)) operations.set(operation.name, operation);
  return {
    name,
    description,
    byDefault,
    ...(onlyByName === undefined ? {} : { onlyByName }),
    operations: [...operations.values()],
    ...(usual?.metrics === undefined ? {} : { metrics: usual.metrics }),
    ...(usual?.demand === undefined ? {} : { demand: usual.demand }),
  };
}

const profiles: readonly SuiteProfile[] = PROFILES.map((profile) => ({
  name: profile.name,
  description: profile.description,
  durationMs: profileDurationMs(profile),
  executor: (request) => profileExecutor(profile, request),
}));

const PROBLEMS: Readonly<Record<Exclude<Detection['verdict'], 'speaks'>, string | undefined>> = {
  unreachable: undefined,
  'login-refused': 'looks like Jarvis, but rejects these credentials',
  unavailable: undefined,
  neither: 'is not Jarvis: it answers, but neither as the documented contract says nor as the core does',
};

function toFailure({ verdict, reasons, code }: Detection): SuiteFailure | undefined {
  if (verdict === 'speaks') return undefined;
  const problem = PROBLEMS[verdict];
  return {
    kind: verdict,
    reasons,
    ...(problem === undefined ? {} : { problem }),
    ...(code === undefined ? {} : { code }),
    ...(verdict === 'neither'
      ? {
          next: 'check that the URL is that of the Jarvis API; npx jarvis-load probe shows each operation',
        }
      : {}),
  };
}

function toFindings(found: Detection & Partial<ProbeReport>): SuiteFindings<JarvisFacts> {
  const { dialect, version, operations } = found;
  const failure = toFailure(found);
  return {
    facts: dialect === undefined ? undefined : { dialect: dialect.id },
    ...(failure === undefined ? {} : { failure }),
    ...(dialect === undefined ? {} : { dialect: dialect.id }),
    ...(version === undefined ? {} : { version }),
    ...(operations === undefined ? {} : { operations }),
  };
}

/** Scenarios over the routes that Jarvis of 2026 serves without a login. */
const ASSISTANT_ENTRIES: readonly AssistantEntry[] = ASSISTANT_SCENARIOS.filter(
  ({ name }) => name !== 'embeddings',
);

/** Operations that take the developers' key where no token is given. */
const WITH_DEV_KEY: ReadonlySet<string> = new Set([COMMAND.name, TELEMETRY.name]);
const ASSISTANT_OPERATIONS = probedOperations(ASSISTANT_ENTRIES);

const NEXT_FOR_TOKEN = 'give a token of the target: --token, or JARVIS_LOAD_TOKEN in the environment';

/** The token that the user gave; undefined with accounts, whose logins belong to another API. */
const tokenOf = (credentials: Credentials | undefined): string | undefined =>
  credentials !== undefined && 'token' in credentials ? credentials.token : undefined;

function required(credentials: Credentials | undefined): Credentials {
  if (credentials !== undefined) return credentials;
  throw new JarvisError('invalid_credentials_option', 'Jarvis needs accounts or a token.');
}

/** Decodes a refusal of which only status and body are kept. */
function failureOf({ status, body }: { readonly status: number; readonly body: string }): JarvisFailure {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const response: Pick<LoadResponse, 'status' | 'headers' | 'error' | 'outcome' | 'json' | 'text'> = {
    status,
    headers: {},
    error: undefined,
    outcome: 'rate_limited',
    json: () => parsed,
    text: () => body,
  };
  return decodeFailure(response as LoadResponse);
}

const limits: LimitAdviser = {
  exceeded: (scenarios, known, who) => limitAdvice(scenarios, known, who).map(({ text }) => text),
  hit: ({ example, ...hit }, known) =>
    describeLimitHit({ ...hit, ...(example === undefined ? {} : { failure: failureOf(example) }) }, known),
};

/** The Jarvis API as a suite. */
export const jarvisSuite: PreparedSuite<JarvisFacts> = {
  name: 'jarvis',
  title: 'Jarvis',
  settings: { ...SETTINGS, ...SOCKET_SETTINGS, ...TELEMETRY_SETTINGS, ...OPENAI_SETTINGS } satisfies Readonly<
    Record<string, SettingSchema>
  >,
  scenarios: [
    ...SCENARIOS.map(toSuiteScenario),
    ...ASSISTANT_ENTRIES.map((entry) => ({ ...listed(entry, false), onlyByName: true })),
  ],
  profiles,
  objectives: OBJECTIVE_SETS,
  operationNames: [...OPERATION_NAMES, SOCKET_OPERATION, ...ASSISTANT_OPERATIONS.map(({ name }) => name)],
  limits,
  login: { testAccount: { username: 'admin', password: 'admin123' } },
  probeOperations: [...PROBE_OPERATIONS, MODELS, ...ASSISTANT_OPERATIONS],
  async prepare(client, { credentials, runId, depth, scenarios = [] }) {
    const known = required(credentials);
    const ask = client.request.bind(client);
    const assistants = scenarios.flatMap((name) => assistantScenario(name) ?? []);
    let models: readonly string[] = [];
    if (assistants.length > 0) {
      const token = tokenOf(credentials);
      const tokenFor = (name: string) => token ?? (WITH_DEV_KEY.has(name) ? DEV_KEY : undefined);
      const found = await probeAssistant(client, probedOperations(assistants), tokenFor, NEXT_FOR_TOKEN);
      if (found.failure !== undefined) return { facts: undefined, failure: found.failure };
      ({ models } = found);
      // Jarvis of 2026 has no login and none of the older operations.
      if (assistants.length === scenarios.length) return { facts: { dialect: undefined, models } };
    }
    const findings =
      depth === 'facts'
        ? toFindings(await detectDialect(ask, known))
        : toFindings(await probeTarget(ask, { credentials: known, runId, probeWrites: depth === 'writes' }));
    return findings.facts === undefined ? findings : { ...findings, facts: { ...findings.facts, models } };
  },
  create: (names, { facts, credentials, identity, runId, settings, files }) =>
    names.map((name) => {
      const { recordings, prompts } = files as SuiteFiles;
      const assistant = assistantScenario(name);
      if (assistant !== undefined)
        return createAssistant(assistant, {
          models: facts.models ?? [],
          token: tokenOf(credentials),
          settings,
          recordings,
          prompts,
        });
      const { dialect } = facts;
      if (dialect === undefined) throw new TypeError(`scenario ${name} needs to know the dialect`);
      return scenarioByName(name).create({
        dialect: dialectById(dialect),
        credentials: required(credentials),
        runId,
        identity,
        settings: resolveSettings(otherSettings(settings)),
        socket: settings,
        recordings,
      });
    }),
  isInputError: (error) => error instanceof JarvisError,
};
