import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ScenarioName } from '@jarvis-load/jarvis';
import { K6Error } from './k6-error.ts';

/**
 * One k6 test: a scenario, its bundle, and the profile used without other settings of the load. The bundle is made of
 * `src/entries/<fileName>.ts`, which repeats scenario and profile for runs by k6 alone.
 */
export interface K6TestEntry {
  readonly name: ScenarioName;
  /** Name of the bundle and of the result files, as in the old suite: `chat-api`. */
  readonly fileName: string;
  readonly profile: string;
  readonly description: string;
  /** Whether "all" includes it. */
  readonly inAll: boolean;
}

/** Every test, in the order in which "all" runs them. */
export const K6_TESTS: readonly K6TestEntry[] = [
  {
    name: 'chat',
    fileName: 'chat-api',
    profile: 'chat',
    description: 'The chat test of the suite: up to 100 users, 5 min 30 s',
    inAll: true,
  },
  {
    name: 'voice',
    fileName: 'voice-api',
    profile: 'voice',
    description: 'The voice test of the suite: up to 20 users, 4 min',
    inAll: true,
  },
  {
    name: 'memory',
    fileName: 'memory-api',
    profile: 'smoke',
    description: 'Store a memory, then search until it is found: 5 users, 1 min',
    inAll: true,
  },
  {
    name: 'workflow',
    fileName: 'workflow-api',
    profile: 'smoke',
    description: 'The whole visit of one user after another: 5 users, 1 min',
    inAll: true,
  },
  {
    name: 'chat-user',
    fileName: 'chat-user',
    profile: 'smoke',
    description: 'Users of the Locust chat test in k6: 5 users, 1 min',
    inAll: false,
  },
  {
    name: 'voice-user',
    fileName: 'voice-user',
    profile: 'smoke',
    description: 'Users of the Locust voice test in k6: 5 users, 1 min',
    inAll: false,
  },
  {
    name: 'chat-socket',
    fileName: 'chat-socket',
    profile: 'smoke',
    description: 'Conversations over the WebSocket /ws: 5 users, 1 min',
    inAll: false,
  },
];

/**
 * The test with that name.
 * @throws K6Error `unknown_test`
 */
export function k6TestByName(name: string): K6TestEntry {
  const found = K6_TESTS.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  throw new K6Error(
    'unknown_test',
    `There is no k6 test "${name}". Use one of: ${K6_TESTS.map((each) => each.name).join(', ')}, or all.`,
  );
}

/**
 * Path of the script for k6.
 * @throws K6Error `bundle_missing`
 */
export function bundleOf(test: K6TestEntry): string {
  // Resolves to the same path from `src/node` and from `dist/node`.
  const path = fileURLToPath(new URL(`../../dist/${test.fileName}.js`, import.meta.url));
  if (existsSync(path)) return path;
  throw new K6Error(
    'bundle_missing',
    `The k6 script ${path} does not exist. Build it: npx nx run k6-scenarios:build`,
  );
}
