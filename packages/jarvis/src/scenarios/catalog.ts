/**
 * The scenarios over the dialects, by name. For k6 a scenario also needs an entry in `K6_TESTS` and a file in `src/entries` of
 * k6-scenarios.
 *
 * Must hold:
 * - `create` with a recording has no I/O and does not throw, whatever the dialect: the suite, while it is imported, and k6, in
 *   its init phase, call it for both dialects. What a dialect lacks is left out (`notOffered`) or fails in `setup`.
 * - `hasVoice` is true where `create` throws without recordings.
 */
import { JarvisError } from '../error.ts';
import { chatJourney } from './chat-journey.ts';
import { chatSocket } from './chat-socket.ts';
import { chatUser } from './chat-user.ts';
import { fullWorkflow } from './full-workflow.ts';
import { memoryWorkflow } from './memory-workflow.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import { voiceJourney } from './voice-journey.ts';
import { voiceUser } from './voice-user.ts';

/** Names of the scenarios. */
export type ScenarioName =
  'chat' | 'voice' | 'chat-user' | 'voice-user' | 'memory' | 'workflow' | 'chat-socket';

/** A scenario as listed in the catalog. */
export interface ScenarioEntry {
  readonly name: ScenarioName;
  readonly description: string;
  /** Runs when no scenario is named. */
  readonly byDefault: boolean;
  /** Not among `all` either: not every target offers it. */
  readonly onlyByName?: true;
  /** Needs recordings. */
  readonly hasVoice: boolean;
  create(options: JarvisScenarioOptions): JarvisScenario;
}

/**
 * All scenarios. The users and `memory` run by default, not the journeys: together they request every operation that the
 * objectives `suite` judge, the users with random think times. The journeys request the same operations in lockstep and exist for
 * comparison with the k6 tests. Unless a token is given, the workflow logs in in every iteration, which exceeds a login limit.
 */
export const SCENARIOS: readonly ScenarioEntry[] = [
  {
    name: 'chat',
    description: 'Journey of the k6 chat test: health, message, conversations, memory search',
    byDefault: false,
    hasVoice: false,
    create: chatJourney,
  },
  {
    name: 'voice',
    description: 'Journey of the k6 voice test: synthesize a sentence, transcribe a recording',
    byDefault: false,
    hasVoice: true,
    create: voiceJourney,
  },
  {
    name: 'chat-user',
    description: 'Users of the Locust chat test: weighted tasks, 1 to 3 s between them',
    byDefault: true,
    hasVoice: false,
    create: chatUser,
  },
  {
    name: 'voice-user',
    description: 'Users of the Locust voice test: weighted tasks, 2 to 5 s between them',
    byDefault: true,
    hasVoice: true,
    create: voiceUser,
  },
  {
    name: 'memory',
    description: 'Store a memory, then search until it is found',
    byDefault: true,
    hasVoice: false,
    create: memoryWorkflow,
  },
  {
    name: 'workflow',
    description: 'Whole visit: login, conversation, chat, memory, synthesis, transcription, deletion',
    byDefault: false,
    hasVoice: true,
    create: fullWorkflow,
  },
  {
    name: 'chat-socket',
    description: 'Conversations over the WebSocket /ws: time to the first content, barge-in, hang-ups',
    byDefault: false,
    onlyByName: true,
    hasVoice: false,
    create: chatSocket,
  },
];

/**
 * The scenario with that name.
 * @throws JarvisError `unknown_scenario`
 */
export function scenarioByName(name: ScenarioName | (string & {})): ScenarioEntry {
  const entry = SCENARIOS.find((candidate) => candidate.name === name);
  if (entry !== undefined) return entry;
  throw new JarvisError(
    'unknown_scenario',
    `There is no scenario "${name}". Use one of: ${SCENARIOS.map((each) => each.name).join(', ')}.`,
  );
}
