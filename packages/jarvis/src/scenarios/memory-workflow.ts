import { profileExecutor } from '../profiles/profile-executor.ts';
import { createAsk, createKit, declareOperations } from './kit.ts';
import { findMemory, storeMemory } from './memory-steps.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';

const NAME = 'memory';

/**
 * Stores a memory, then searches for it until it is found; 2 s of think time.
 * Must hold: `operations` and `demand` repeat what `run` requests and how long it thinks.
 */
export function memoryWorkflow(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const ask = createAsk(kit.dialect);
  return {
    name: NAME,
    description: 'Memory users: store a memory, then search until it is found',
    operations: declareOperations(kit, ['memory.store', 'memory.search']),
    notOffered: [],
    metrics: [{ name: 'errors', kind: 'rate' }],
    setup: (user) => kit.sessions.setup(user),
    onStart: (user, shared) => kit.sessions.start(user, shared),
    async run(user, { state: session }) {
      const conversationId = `jarvis-load-${kit.runId}-${user.id}`;
      const word = await storeMemory(kit, ask, user, session, conversationId);
      await user.think(1);
      if (word !== undefined) await findMemory(kit, ask, user, session, word);
      await user.think(1);
    },
    executor: profileExecutor('smoke'),
    thresholds: {
      http_req_duration: ['p(95)<500', 'p(99)<1000'],
      http_req_failed: ['rate<0.02'],
      errors: ['rate<0.05'],
    },
    demand: {
      iterationSeconds: 2,
      requests: { 'memory.store': 1, 'memory.search': 1 },
      startRequests: kit.sessions.startRequests,
    },
  };
}
