import type { VirtualUser } from '@jarvis-load/engine';
import { CHAT_MESSAGES, pick } from '../data/texts.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { OperationName } from '../dialects/operation-name.ts';
import { profileExecutor } from '../profiles/profile-executor.ts';
import { recordChat } from './chat-journey.ts';
import { createCleanUp } from './clean-up.ts';
import { createAsk, createKit, declareOperations, leftOut } from './kit.ts';
import { loginOperation, readLogin, requestLogin } from './log-in.ts';
import { findMemory, storeMemory } from './memory-steps.ts';
import type { JarvisScenario, JarvisScenarioOptions, NotOffered } from './options.ts';
import type { Session } from './session.ts';
import { VOICE_METRICS } from './voice-metrics.ts';
import { createVoiceSteps } from './voice-steps.ts';

const NAME = 'workflow';

/**
 * A complete visit of one user: log in, create a conversation, send a message, read it back, store a memory, search it,
 * synthesize speech, transcribe it, delete the conversation. Steps that the dialect lacks are left out.
 *
 * Must hold:
 * - `STEPS` names every operation that `run` requests but the login: the engine rejects requests of others.
 * - `demand` has the sum of the think times in `run`, and the login of each visit.
 */
export function fullWorkflow(options: JarvisScenarioOptions): JarvisScenario<Session | undefined> {
  const kit = createKit(NAME, options);
  const { checks, dialect, sessions } = kit;
  const ask = createAsk(dialect);
  const voice = createVoiceSteps(kit, ask, checks.user);
  const canLogIn = sessions.accountOf !== undefined;
  const creates = dialect.operations['chat.create'] !== undefined;

  const converse = async (user: VirtualUser, session: Session): Promise<string | undefined> => {
    let conversationId: string | undefined;
    if (creates) {
      const title = `[${kit.runId}] Visite ${user.id}-${user.iteration}`;
      const created = await ask(user, session, 'chat.create', { title });
      const passed = user.check(created.response, {
        ...checks.user.create,
        'chat.create: title is the one sent': () => created.result.ok && created.result.value.title === title,
      });
      user.record('errors', passed ? 0 : 1);
      if (created.result.ok) conversationId = created.result.value.id;
    }
    const content = `[${kit.runId}] ${pick(CHAT_MESSAGES, () => user.random())} (${user.id}-${user.iteration})`;
    const input = conversationId === undefined ? { content } : { content, conversationId };
    const sent = await ask(user, session, 'chat.send', input);
    const passed = user.check(sent.response, {
      ...checks.user.send,
      'chat.send: stays in its conversation': () =>
        sent.result.ok &&
        (conversationId === undefined || sent.result.value.conversationId === conversationId),
    });
    recordChat(user, sent.response, passed);
    if (!sent.result.ok) return conversationId;
    conversationId = sent.result.value.conversationId;
    await user.think(1);

    const listed = await ask(user, session, 'chat.conversations', undefined);
    user.record('errors', user.check(listed.response, checks.user.conversations) ? 0 : 1);

    const read = await ask(user, session, 'chat.history', { id: conversationId });
    const readable = user.check(read.response, {
      'chat.history: status is 200': (response) => response.status === 200,
      'chat.history: has messages': () => read.result.ok && read.result.value.messages.length > 0,
      // The core returns the same two messages for every conversation.
      ...(dialect.describesItself
        ? {
            'chat.history: holds what was sent': () =>
              read.result.ok && read.result.value.messages.some((message) => message.content === content),
          }
        : {}),
    });
    user.record('errors', readable ? 0 : 1);
    return conversationId;
  };

  const speak = async (user: VirtualUser, session: Session): Promise<void> => {
    const recording = voice.draw(user);
    const { result } = await voice.synthesize(user, session, recording.said);
    await user.think(1);
    const ownAudio = dialect.voiceRoundTrip && result.ok ? result.value.audioBase64 : undefined;
    await voice.transcribe(
      user,
      session,
      ownAudio === undefined ? recording : { said: recording.said, audioBase64: ownAudio },
    );
  };

  /** The session of this visit; `undefined` when the login failed, which is counted by the login's outcome. */
  const enter = async (user: VirtualUser, standing: Session | undefined): Promise<Session | undefined> => {
    const account = sessions.accountOf?.(user);
    if (account === undefined) return standing;
    const response = await requestLogin(user, dialect, account);
    const login = readLogin(dialect, response, kit.now);
    const passed = user.check(response, {
      'auth.login: status is 200': (answer) => answer.status === 200,
      'auth.login: has a token': () => login !== undefined,
    });
    user.record('errors', passed ? 0 : 1);
    return login === undefined ? undefined : sessions.withLogin(login, account);
  };

  return {
    name: NAME,
    description: 'Whole visit: login, conversation, chat, memory, synthesis, transcription, deletion',
    operations: declareOperations(kit, STEPS),
    notOffered: missingParts(dialect, canLogIn),
    metrics: [
      { name: 'chat_latency', kind: 'trend', unit: 'ms' },
      { name: 'errors', kind: 'rate' },
      ...VOICE_METRICS,
    ],
    setup: (user) => sessions.setup(user),
    // Each visit logs in itself; a given token is used for all visits.
    onStart: (user, shared) => (canLogIn ? Promise.resolve(undefined) : sessions.start(user, shared)),
    async run(user, { state }) {
      const session = await enter(user, state);
      await user.think(1);
      if (session === undefined) return;
      const conversationId = await converse(user, session);
      await user.think(1);
      const memoryOf = conversationId ?? `jarvis-load-${kit.runId}-${user.id}`;
      const word = await storeMemory(kit, ask, user, session, memoryOf);
      await user.think(1);
      if (word !== undefined) await findMemory(kit, ask, user, session, word);
      await speak(user, session);
      await user.think(1);
      if (conversationId === undefined) return;
      const deleted = await ask(user, session, 'chat.delete', { id: conversationId });
      const passed = user.check(deleted.response, {
        'chat.delete: status is 200': (response) => response.status === 200,
      });
      user.record('errors', passed ? 0 : 1);
    },
    teardown: createCleanUp(kit),
    executor: profileExecutor('smoke'),
    thresholds: {
      http_req_duration: ['p(95)<2000'],
      http_req_failed: ['rate<0.02'],
      errors: ['rate<0.05'],
      voice_errors: ['rate<0.05'],
    },
    demand: {
      iterationSeconds: 6,
      requests: Object.fromEntries(
        [...STEPS, ...(canLogIn ? (['auth.login'] as const) : [])]
          .filter((name) => dialect.operations[name] !== undefined)
          .map((name) => [name, 1]),
      ),
    },
  };
}

const STEPS: readonly OperationName[] = [
  'chat.create',
  'chat.send',
  'chat.conversations',
  'chat.history',
  'memory.store',
  'memory.search',
  'voice.synthesize',
  'voice.transcribe',
  'chat.delete',
];

function missingParts(dialect: Dialect, canLogIn: boolean): readonly NotOffered[] {
  const kit = { scenario: NAME, dialect };
  const parts: NotOffered[] = [];
  if (!canLogIn) {
    const { method, route } = loginOperation(dialect);
    parts.push({
      scenario: NAME,
      part: 'login',
      operations: [],
      text: `Scenario ${NAME}: login is left out: a token was given, so there is no account for ${method} ${route}.`,
    });
  }
  for (const name of STEPS) {
    if (dialect.operations[name] === undefined) parts.push(leftOut(kit, name, [name]));
  }
  if (!dialect.voiceRoundTrip) {
    parts.push(leftOut(kit, 'transcribing what was synthesized', [], 'what it synthesizes is no audio'));
  }
  return parts;
}
