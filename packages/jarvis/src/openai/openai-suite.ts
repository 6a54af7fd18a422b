/**
 * The suite `openai`: any server with the OpenAI-style API. Its only I/O are requests of the client that `prepare` gets.
 *
 * Must hold:
 * - The caller adds `readFiles` (`apps/cli/src/suites`), which returns {@link SuiteFiles}: without them `create` throws.
 * - Facts are plain data: every thread calls `create` with them again, and must get the same scenarios.
 * - `probeOperations` has every operation that `prepare` requests.
 */
import type { Credentials, PreparedSuite } from '@jarvis-load/engine';
import { JarvisError } from '../error.ts';
import { SETTINGS } from '../scenarios/settings.ts';
import { ASSISTANT_SCENARIOS, createAssistant, listed, probedOperations } from './catalog.ts';
import type { SuiteFiles } from './files.ts';
import { MODELS } from './operations.ts';
import { probeAssistant } from './probe-assistant.ts';
import { OPENAI_SETTINGS } from './settings.ts';

/* This entry also has what the caller needs to read files for both suites: the plain entry is bundled for k6. */
export type { SuiteFiles } from './files.ts';
export { hasVoice } from './has-voice.ts';
export { parsePrompts, type Prompt } from './prompts.ts';
export { otherSettings } from './settings.ts';

/** What the scenarios need to know of a target. */
export interface OpenAiFacts {
  readonly models: readonly string[];
}

const KEY = 'OPENAI_API_KEY';

const ENTRIES = ASSISTANT_SCENARIOS.filter(({ isJarvis }) => isJarvis !== true);
const scenarios = ENTRIES.map((entry) => listed(entry, entry.name === 'chat-stream'));

/** Any server with the OpenAI-style API as a suite. */
export const openAiSuite: PreparedSuite<OpenAiFacts> = {
  name: 'openai',
  title: 'the OpenAI-style API',
  settings: { ...OPENAI_SETTINGS, recordings: SETTINGS.recordings, language: SETTINGS.language },
  scenarios,
  tokenVariable: KEY,
  probeOperations: [MODELS, ...probedOperations(ENTRIES)],
  async prepare(client, { credentials, scenarios: names }) {
    const needs = probedOperations(ENTRIES.filter(({ name }) => names === undefined || names.includes(name)));
    const token = tokenOf(credentials);
    const { models, failure } = await probeAssistant(client, needs, () => token, NEXT_FOR_KEY);
    return failure === undefined ? { facts: { models } } : { facts: undefined, failure };
  },
  create: (names, { facts, credentials, settings, files }) =>
    names.flatMap((name) => {
      const entry = ENTRIES.find((each) => each.name === name);
      if (entry === undefined) return [];
      const { recordings, prompts } = files as SuiteFiles;
      return [
        createAssistant(entry, {
          models: facts.models,
          token: tokenOf(credentials),
          settings,
          recordings,
          prompts,
        }),
      ];
    }),
  isInputError: (error) => error instanceof JarvisError,
};

const NEXT_FOR_KEY = `set ${KEY} in the environment to a key of the target`;

function tokenOf(credentials: Credentials | undefined): string | undefined {
  if (credentials === undefined) return undefined;
  if ('token' in credentials) return credentials.token;
  throw new JarvisError(
    'invalid_credentials_option',
    `This API takes a key and no accounts: leave out user name, password and accounts, and set ${KEY} in the environment.`,
  );
}
