import { CHAT_MESSAGES, pick } from '../data/texts.ts';
import { profileExecutor } from '../profiles/profile-executor.ts';
import { recordChat } from './chat-journey.ts';
import { createCleanUp } from './clean-up.ts';
import { createAsk, createKit, declareOperations, offerTasks, type TaskPlan } from './kit.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';

const NAME = 'chat-user';
const WAIT = { min: 1, max: 3 };

/** The Locust chat test of the suite: weighted tasks, 1 to 3 s between them. */
export function chatUser(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const { checks, settings } = kit;
  const ask = createAsk(kit.dialect);
  const plans: readonly TaskPlan<Session>[] = [
    {
      name: 'send_chat_message',
      weight: 5,
      requests: { 'chat.send': 1 },
      async run(user, session) {
        const text = pick(CHAT_MESSAGES, () => user.random());
        const content = `[${kit.runId}] ${text} (${user.id}-${user.iteration})`;
        const { response } = await ask(user, session, 'chat.send', { content });
        recordChat(user, response, user.check(response, checks.user.send));
      },
    },
    {
      name: 'list_conversations',
      weight: 3,
      requests: { 'chat.conversations': 1 },
      async run(user, session) {
        const { response } = await ask(user, session, 'chat.conversations', undefined);
        user.record('errors', user.check(response, checks.user.conversations) ? 0 : 1);
      },
    },
    {
      name: 'search_memory',
      weight: 2,
      requests: { 'memory.search': 1 },
      async run(user, session) {
        const query = { query: settings.searchQuery, limit: 10 };
        const { response } = await ask(user, session, 'memory.search', query);
        user.record('errors', user.check(response, checks.user.search) ? 0 : 1);
      },
    },
    {
      name: 'create_conversation',
      weight: 1,
      requests: { 'chat.create': 1 },
      async run(user, session) {
        const title = `[${kit.runId}] Essai de charge ${user.id}-${user.iteration}`;
        const { response } = await ask(user, session, 'chat.create', { title });
        user.record('errors', user.check(response, checks.user.create) ? 0 : 1);
      },
    },
    {
      name: 'health_check',
      weight: 1,
      requests: { health: 1 },
      async run(user, session) {
        const { response } = await ask(user, session, 'health', undefined);
        user.record('errors', user.check(response, checks.user.health) ? 0 : 1);
      },
    },
  ];
  const { tasks, names, demand, notOffered } = offerTasks(kit, plans, (WAIT.min + WAIT.max) / 2);
  return {
    name: NAME,
    description: 'Chat users (the Locust chat test): messages, lists, searches, new conversations by weight',
    operations: declareOperations(kit, names),
    notOffered,
    metrics: [
      { name: 'chat_latency', kind: 'trend', unit: 'ms' },
      { name: 'errors', kind: 'rate' },
    ],
    setup: (user) => kit.sessions.setup(user),
    onStart: (user, shared) => kit.sessions.start(user, shared),
    tasks,
    wait: { kind: 'between', ...WAIT },
    teardown: createCleanUp(kit),
    executor: profileExecutor('smoke'),
    thresholds: {
      http_req_duration: ['p(95)<500', 'p(99)<1000'],
      http_req_failed: ['rate<0.01'],
      errors: ['rate<0.05'],
    },
    demand,
  };
}
