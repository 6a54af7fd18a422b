import type { LoadResponse, VirtualUser } from '@jarvis-load/engine';
import { profileExecutor } from '../profiles/profile-executor.ts';
import { createCleanUp } from './clean-up.ts';
import { createAsk, createKit, declareOperations } from './kit.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';

const NAME = 'chat';

/**
 * The k6 chat test of the suite: health, one message, the conversations, one search; 3 s of think time.
 *
 * Must hold:
 * - `operations` and `demand` repeat what `run` requests and how long it thinks.
 * - The message has `[run id]` within its first 60 characters: servers make titles of them, and clean-up finds conversations by it.
 */
export function chatJourney(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const { checks, settings } = kit;
  const ask = createAsk(kit.dialect);
  return {
    name: NAME,
    description: 'Chat journey (the k6 chat test): health, message, conversations, memory search',
    operations: declareOperations(kit, ['health', 'chat.send', 'chat.conversations', 'memory.search']),
    notOffered: [],
    metrics: [
      { name: 'chat_latency', kind: 'trend', unit: 'ms' },
      { name: 'errors', kind: 'rate' },
    ],
    setup: (user) => kit.sessions.setup(user),
    onStart: (user, shared) => kit.sessions.start(user, shared),
    async run(user, { state: session }) {
      const health = await ask(user, session, 'health', undefined);
      user.check(health.response, checks.journey.health);
      await user.think(0.5);

      const content = `Test message ${user.id}-${user.iteration} [${kit.runId}]`;
      const sent = await ask(user, session, 'chat.send', { content });
      recordChat(user, sent.response, user.check(sent.response, checks.journey.send));
      await user.think(1);

      const listed = await ask(user, session, 'chat.conversations', undefined);
      user.check(listed.response, checks.journey.conversations);
      await user.think(0.5);

      const found = await ask(user, session, 'memory.search', { query: settings.searchQuery, limit: 5 });
      user.check(found.response, checks.journey.search);
      await user.think(1);
    },
    teardown: createCleanUp(kit),
    executor: profileExecutor('chat'),
    thresholds: {
      http_req_duration: ['p(95)<500', 'p(99)<1000'],
      http_req_failed: ['rate<0.01'],
      errors: ['rate<0.05'],
      chat_latency: ['p(95)<300'],
    },
    demand: {
      startRequests: kit.sessions.startRequests,
      iterationSeconds: 3,
      requests: { health: 1, 'chat.send': 1, 'chat.conversations': 1, 'memory.search': 1 },
    },
  };
}

/**
 * Records the answer to a chat message: in `errors` whether it failed a check, in `chat_latency` only if its outcome is ok, so
 * that fast refusals do not lower it.
 */
export function recordChat(user: VirtualUser, response: LoadResponse, passed: boolean): void {
  if (response.outcome === 'ok') user.record('chat_latency', response.timings.serviceTimeMs);
  user.record('errors', passed ? 0 : 1);
}
