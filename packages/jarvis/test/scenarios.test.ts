import { describe, expect, it } from 'vitest';
import {
  coreDialect,
  documentedDialect,
  SCENARIOS as ALL,
  type Dialect,
  type JarvisScenario,
  type JarvisScenarioOptions,
  type ScenarioEntry,
} from '../src/index.ts';
import { recordings } from './recordings.ts';
import { fakeResponse } from './fake-response.ts';
import { dialects, scriptedTarget } from './scripted-target.ts';
import { failedChecks, requestsByOperation, scriptedUser, type ScriptedUser } from './scripted-user.ts';

const SCENARIOS = ALL.filter(({ name }) => name !== 'chat-socket'); // apps/cli/test/assistants.test.ts
const RUN_ID = '20260102-030405-abcd';
const options = (dialect: Dialect, more: Partial<JarvisScenarioOptions> = {}): JarvisScenarioOptions => ({
  dialect,
  credentials: { accounts: [{ username: 'admin', password: 'admin123' }] },
  runId: RUN_ID,
  recordings,
  ...more,
});
const entry = (name: string): ScenarioEntry => {
  const found = SCENARIOS.find((each) => each.name === name);
  return found ?? expect.fail(name);
};

/** One iteration as the engine runs it: every task once, or the journey. */
async function play(scenario: JarvisScenario, user: ScriptedUser): Promise<void> {
  const shared = await scenario.setup?.(user);
  if (shared === undefined) throw new Error('no setup');
  // k6 passes the shared data as JSON.
  const copy = JSON.parse(JSON.stringify(shared)) as typeof shared;
  const state = await scenario.onStart?.(user, copy);
  await scenario.run?.(user, { shared: copy, state });
  for (const task of scenario.tasks ?? []) await task.run(user, { shared: copy, state });
}

for (const dialect of dialects) {
  describe(`scenarios of dialect ${dialect.id}`, () => {
    it.each(SCENARIOS.map(({ name }) => name))(
      '%s passes all its checks on a healthy target',
      async (name) => {
        const scenario = entry(name).create(options(dialect));
        const target = scriptedTarget(dialect);
        const user = scriptedUser((spec) => target.answer(spec), scenario);
        await play(scenario, user);
        expect(failedChecks(user)).toEqual([]);
        expect(user.script.checks.size).toBeGreaterThan(2);
        for (const [metric, values] of user.script.metrics) {
          if (metric.endsWith('errors')) expect(values).not.toContain(1);
        }
      },
    );

    it.each(SCENARIOS.map(({ name }) => name))('%s declares what it asks for', async (name) => {
      const scenario = entry(name).create(options(dialect));
      const target = scriptedTarget(dialect);
      const user = scriptedUser((spec) => target.answer(spec), scenario);
      await play(scenario, user);
      const { 'auth.login': setupLogins = 0, ...asked } = requestsByOperation(user);
      const declared = scenario.demand?.requests ?? {};
      expect(Object.keys(asked).toSorted()).toEqual(
        Object.keys(declared)
          .filter((operation) => operation !== 'auth.login')
          .toSorted(),
      );
      if (scenario.tasks === undefined) {
        expect({ ...asked, 'auth.login': setupLogins - 1 }).toEqual({ 'auth.login': 0, ...declared });
        expect(user.script.thinkSeconds).toBe(scenario.demand?.iterationSeconds);
      }
    });

    it.each(SCENARIOS.map(({ name }) => name))(
      '%s marks every text it leaves with the run id',
      async (name) => {
        const scenario = entry(name).create(options(dialect));
        const target = scriptedTarget(dialect);
        const user = scriptedUser((spec) => target.answer(spec), scenario);
        await play(scenario, user);
        // Synthesized texts are not stored, and a run id in them would be read aloud.
        const stored = user.script.sent.filter(({ operation }) => operation !== 'voice.synthesize');
        const texts = stored.flatMap(({ json }) =>
          Object.entries(json ?? {}).filter(([key]) =>
            ['content', 'title', 'text', 'user_message'].includes(key),
          ),
        );
        for (const [, text] of texts) expect(text).toContain(RUN_ID);
      },
    );

    it.each(SCENARIOS.map(({ name }) => name))('%s survives a target that only fails', async (name) => {
      const scenario = entry(name).create(options(dialect));
      const target = scriptedTarget(dialect);
      let failing = false;
      const user = scriptedUser(
        (spec) => (failing ? fakeResponse({ status: 503, text: 'down' }) : target.answer(spec)),
        scenario,
      );
      const shared = await scenario.setup?.(user);
      if (shared === undefined) throw new Error('no setup');
      const state = await scenario.onStart?.(user, shared);
      failing = true;
      user.script.sent.length = 0;
      await scenario.run?.(user, { shared, state });
      for (const task of scenario.tasks ?? []) await task.run(user, { shared, state });
      expect(failedChecks(user).length).toBeGreaterThan(0);
      for (const metric of ['chat_latency', 'tts_latency', 'stt_latency']) {
        expect(user.script.metrics.get(metric)).toBeUndefined();
      }
      const errors = [
        ...(user.script.metrics.get('errors') ?? []),
        ...(user.script.metrics.get('voice_errors') ?? []),
      ];
      expect(errors.length).toBeGreaterThan(0);
      expect(errors).not.toContain(0);
    });
  });
}

describe('the journeys', () => {
  it('chat asks in the order of the suite, with its texts and paths', async () => {
    const scenario = entry('chat').create(options(documentedDialect));
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser((spec) => target.answer(spec), scenario, { id: 7, iteration: 3 });
    await play(scenario, user);
    expect(user.script.sent.map(({ operation, path }) => `${operation} ${path}`)).toEqual([
      'auth.login /auth/login',
      'health /health',
      'chat.send /api/chat',
      'chat.conversations /api/chat/conversations',
      'memory.search /api/memory/search?q=test&limit=5',
    ]);
    expect(user.script.sent[2]?.json).toEqual({ content: `Test message 7-3 [${RUN_ID}]` });
    expect(user.script.metrics.get('errors')).toEqual([0]);
    expect(user.script.metrics.get('chat_latency')).toEqual([5]);
  });

  it('a slow chat answer fails its check and counts as an error', async () => {
    const scenario = entry('chat').create(options(documentedDialect));
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser((spec) => {
      const response = target.answer(spec);
      return spec.operation === 'chat.send'
        ? { ...response, timings: { ...response.timings, serviceTimeMs: 1500 } }
        : response;
    }, scenario);
    await play(scenario, user);
    expect(failedChecks(user)).toEqual(['chat.send: under 1 s']);
    expect(user.script.metrics.get('errors')).toEqual([1]);
    expect(user.script.metrics.get('chat_latency')).toEqual([1500]);
  });

  it('voice keeps the thresholds of the suite and watches voice_errors', () => {
    expect(entry('voice').create(options(documentedDialect)).thresholds).toEqual({
      http_req_duration: ['p(95)<2000'],
      http_req_failed: ['rate<0.05'],
      tts_latency: ['p(95)<1500'],
      stt_latency: ['p(95)<2000'],
      voice_errors: ['rate<0.05'],
    });
  });
});

describe('the users', () => {
  it('have the weights of the suite', () => {
    const weights = (name: string, dialect: Dialect) =>
      Object.fromEntries(
        (entry(name).create(options(dialect)).tasks ?? []).map((task) => [task.name, task.weight]),
      );
    expect(weights('chat-user', documentedDialect)).toEqual({
      send_chat_message: 5,
      list_conversations: 3,
      search_memory: 2,
      create_conversation: 1,
      health_check: 1,
    });
    expect(weights('voice-user', documentedDialect)).toEqual({
      synthesize_speech: 5,
      transcribe_speech: 3,
      combined_voice_workflow: 1,
    });
    expect(Object.keys(weights('chat-user', coreDialect))).not.toContain('create_conversation');
    expect(Object.keys(weights('voice-user', coreDialect))).not.toContain('combined_voice_workflow');
  });

  it('say what the core does not offer, and nothing for the documented dialect', () => {
    const missing = (dialect: Dialect) =>
      SCENARIOS.flatMap((each) => each.create(options(dialect)).notOffered.map(({ text }) => text));
    expect(missing(documentedDialect)).toEqual([]);
    expect(missing(coreDialect)).toMatchInlineSnapshot(`
      [
        "Scenario chat-user: create_conversation is left out: not offered by dialect core (it has no chat.create).",
        "Scenario voice-user: combined_voice_workflow is left out: not offered by dialect core (what it synthesizes is no audio).",
        "Scenario workflow: chat.create is left out: not offered by dialect core (it has no chat.create).",
        "Scenario workflow: transcribing what was synthesized is left out: not offered by dialect core (what it synthesizes is no audio).",
      ]
    `);
  });

  it('demand follows the weights', () => {
    const { demand } = entry('chat-user').create(options(documentedDialect));
    expect(demand?.iterationSeconds).toBe(2);
    expect(demand?.requests['chat.send']).toBeCloseTo(5 / 12);
    expect(entry('chat-user').create(options(coreDialect)).demand?.requests['chat.send']).toBeCloseTo(5 / 11);
    expect(
      entry('voice-user').create(options(documentedDialect)).demand?.requests['voice.synthesize'],
    ).toBeCloseTo(6 / 9);
  });

  it('notice a transcription of something else', async () => {
    const scenario = entry('voice-user').create(options(documentedDialect));
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser(
      (spec) =>
        spec.operation === 'voice.transcribe'
          ? fakeResponse({
              json: { text: 'tout autre chose', confidence: 0.9, language: 'fr', duration_ms: 9 },
            })
          : target.answer(spec),
      scenario,
    );
    await play(scenario, user);
    expect(failedChecks(user)).toEqual(['voice.transcribe: is of the audio that was sent']);
    expect(user.script.metrics.get('stt_wer')).toEqual([1, 1]);
    expect(user.script.metrics.get('voice_errors')).not.toContain(1);
  });

  it.each(['voice', 'voice-user', 'workflow'])(
    '%s takes an empty text for a word error rate of 1, and for no broken answer',
    async (name) => {
      const scenario = entry(name).create(options(documentedDialect));
      const target = scriptedTarget(documentedDialect);
      const user = scriptedUser(
        (spec) =>
          spec.operation === 'voice.transcribe'
            ? fakeResponse({ json: { text: '', confidence: 0, language: 'fr', duration_ms: 250 } })
            : target.answer(spec),
        scenario,
      );
      await play(scenario, user);
      expect(new Set(user.script.metrics.get('stt_wer'))).toEqual(new Set([1]));
      expect(user.script.metrics.get('voice_errors')).not.toContain(1);
      expect(user.script.metrics.get('stt_latency')?.length).toBeGreaterThan(0);
    },
  );

  it('record the share of words that were misheard, whatever their case, accents and punctuation', async () => {
    const [recording] = recordings;
    const scenario = entry('voice').create(options(documentedDialect, { recordings: [recording!] }));
    const target = scriptedTarget(documentedDialect);
    const texts = ['BONJOUR comment ca va', 'bonjour comment vas', 'bonjour'];
    for (const text of texts) {
      const user = scriptedUser(
        (spec) =>
          spec.operation === 'voice.transcribe'
            ? fakeResponse({ json: { text, confidence: 0.9, language: 'fr', duration_ms: 250 } })
            : target.answer(spec),
        scenario,
      );
      await play(scenario, user);
      expect(user.script.metrics.get('stt_wer')).toEqual([[0, 0.5, 0.75][texts.indexOf(text)]]);
    }
  });

  it.each([
    ['twice the length', { format: 'audio/wav', duration_ms: 363 }, false],
    ['the time that the server took', { duration_ms: 4 }, false],
    ['the length, rounded', { duration_ms: 180 }, true],
    ['of a format whose header is not read', { audio_data: 'SUQz', format: 'mp3', duration_ms: 180 }, true],
  ])('notice a duration_ms that is %s', async (_name, changed, isRight) => {
    const scenario = entry('voice').create(options(documentedDialect));
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser((spec) => {
      const answer = target.answer(spec);
      return spec.operation === 'voice.synthesize'
        ? fakeResponse({ json: { ...(answer.json() as object), ...changed } })
        : answer;
    }, scenario);
    await play(scenario, user);
    expect(failedChecks(user)).toEqual(
      isRight ? [] : ['voice.synthesize: duration_ms is the length of the audio'],
    );
  });

  it('synthesize whole sentences only', async () => {
    const long = { ...recordings[0]!, said: 'mot '.repeat(200).trim() };
    const scenario = entry('voice-user').create(options(documentedDialect, { recordings: [long] }));
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser((spec) => target.answer(spec), scenario);
    await play(scenario, user);
    const texts = user.script.sent.filter(({ operation }) => operation === 'voice.synthesize');
    for (const { json } of texts) expect((json as { text: string }).text).toBe(long.said);
  });

  it.each(['voice', 'voice-user', 'workflow'])('%s is an error without recordings', (name) => {
    expect(() => entry(name).create(options(documentedDialect, { recordings: [] }))).toThrow(
      new RegExp(`Scenario ${name} sends speech and was given no recordings: pass .recordings.`),
    );
    expect(entry(name).hasVoice).toBe(true);
  });
});

describe('the memory workflow', () => {
  it('searches again while the index lags', async () => {
    const scenario = entry('memory').create(options(documentedDialect));
    const target = scriptedTarget(documentedDialect, { indexLag: 3 });
    const user = scriptedUser((spec) => target.answer(spec), scenario);
    await play(scenario, user);
    expect(requestsByOperation(user)['memory.search']).toBe(4);
    expect(failedChecks(user)).toEqual([]);
  });

  it('gives up after so many attempts, and says what was not found', async () => {
    const scenario = entry('memory').create(options(documentedDialect, { settings: { memoryAttempts: 2 } }));
    const target = scriptedTarget(documentedDialect, { indexLag: 100 });
    const user = scriptedUser((spec) => target.answer(spec), scenario);
    await play(scenario, user);
    expect(requestsByOperation(user)['memory.search']).toBe(2);
    expect(failedChecks(user)).toEqual(['memory.search: finds what was stored']);
  });
});

describe('teardown', () => {
  it('deletes the conversations of the run and no others', async () => {
    const scenario = entry('chat-user').create(options(documentedDialect));
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser((spec) => target.answer(spec), scenario);
    await play(scenario, user);
    const shared = await scenario.setup?.(user);
    if (shared === undefined) throw new Error('no setup');
    const token = user.script.sent.at(-1) && `Bearer t${target.logins}`;
    // The second is of no run of this id, though it contains it.
    const others = ['keep me', `[${RUN_ID}-2] ${RUN_ID}`];
    for (const title of others) {
      target.answer({
        operation: 'chat.create',
        path: '/api/chat/conversation',
        json: { title },
        headers: { authorization: token ?? '' },
      });
    }
    expect(target.titles()).toHaveLength(4);
    await scenario.teardown?.(user, shared);
    expect(target.titles()).toEqual(others);
  });

  it('cleans up for each account when users have their own', async () => {
    const accounts = ['a', 'b', 'c'].map((username) => ({ username, password: 'x' }));
    const scenario = entry('chat').create(
      options(documentedDialect, { credentials: { accounts }, identity: 'per-user' }),
    );
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser(
      (spec) =>
        JSON.stringify(spec.json ?? '').includes('"b"') ? fakeResponse({ status: 401 }) : target.answer(spec),
      scenario,
    );
    await scenario.teardown?.(user, { login: null });
    expect(requestsByOperation(user)).toEqual({ 'auth.login': 3, 'chat.conversations': 2 });
  });

  it.each([429, 0])('asks no further account where a list is answered by %i', async (status) => {
    const accounts = ['a', 'b', 'c'].map((username) => ({ username, password: 'x' }));
    const each = options(documentedDialect, { credentials: { accounts }, identity: 'per-user' });
    const scenario = entry('chat').create(each);
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser(
      (spec) => (spec.operation === 'chat.conversations' ? fakeResponse({ status }) : target.answer(spec)),
      scenario,
    );
    await scenario.teardown?.(user, { login: null });
    expect(requestsByOperation(user)).toEqual({ 'auth.login': 1, 'chat.conversations': 1 });
  });

  it('asks for nothing when told to leave things', async () => {
    const scenario = entry('chat-user').create(options(documentedDialect, { cleanUp: false }));
    const user = scriptedUser(() => fakeResponse({ status: 500 }), scenario);
    await scenario.teardown?.(user, { login: null });
    expect(user.script.sent).toEqual([]);
  });

  it('stops at the first refusal', async () => {
    const scenario = entry('chat').create(options(documentedDialect));
    const target = scriptedTarget(documentedDialect);
    const user = scriptedUser(
      (spec) => (spec.operation === 'chat.delete' ? fakeResponse({ status: 429 }) : target.answer(spec)),
      scenario,
    );
    await play(scenario, user);
    await play(scenario, user);
    const shared = await scenario.setup?.(user);
    if (shared === undefined) throw new Error('no setup');
    await scenario.teardown?.(user, shared);
    expect(requestsByOperation(user)['chat.delete']).toBe(1);
  });
});
