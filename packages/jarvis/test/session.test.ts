import type { LoadResponse, RequestSpec } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import {
  chatJourney,
  coreDialect,
  documentedDialect,
  JarvisError,
  memoryWorkflow,
  type JarvisScenario,
  type JarvisScenarioOptions,
  type LoginShared,
  type Session,
} from '../src/index.ts';
import { fakeResponse } from './fake-response.ts';
import { scriptedTarget } from './scripted-target.ts';
import { requestsByOperation, scriptedUser, type ScriptedUser } from './scripted-user.ts';

const base: JarvisScenarioOptions = {
  dialect: documentedDialect,
  credentials: {
    accounts: [
      { username: 'a', password: 'x' },
      { username: 'b', password: 'y' },
    ],
  },
  runId: 'run-1',
  settings: { memoryAttempts: 1 },
};

async function startUser(
  scenario: JarvisScenario<Session>,
  user: ScriptedUser,
  shared: LoginShared,
): Promise<Session> {
  const session = await scenario.onStart?.(user, shared);
  if (session === undefined) throw new Error('no session');
  return session;
}

async function refusal(
  options: JarvisScenarioOptions,
  answer: (spec: RequestSpec) => LoadResponse,
  step: 'setup' | 'onStart',
): Promise<{ error: JarvisError; requests: number; thinkSeconds: number }> {
  const scenario = chatJourney(options);
  const user = scriptedUser(answer, scenario);
  try {
    await (step === 'setup' ? scenario.setup?.(user) : scenario.onStart?.(user, { login: null }));
  } catch (error) {
    if (!(error instanceof JarvisError)) throw error;
    return { error, requests: user.script.sent.length, thinkSeconds: user.script.thinkSeconds };
  }
  throw new Error('it did not refuse');
}

describe('login', () => {
  it('without a token refuses the run at once', async () => {
    const { error, requests } = await refusal(base, () => fakeResponse({ json: { ok: true } }), 'setup');
    expect(error.code).toBe('login_without_token');
    expect(error.message).toMatchInlineSnapshot(
      `"POST /auth/login answered 200 without a usable login (\`token\` is missing; dialect documented promises \`token\`). Check that the URL is that of the Jarvis API."`,
    );
    expect(requests).toBe(1);
  });

  it('of the other dialect says which one to use', async () => {
    const core = scriptedTarget(coreDialect);
    const answer = (spec: RequestSpec) => core.answer({ ...spec, path: '/api/auth/login' });
    const { error } = await refusal(base, answer, 'setup');
    expect(error.message).toContain('It looks like an answer of dialect core');
  });

  it('that is refused is not tried again', async () => {
    const answer = () =>
      fakeResponse({ status: 401, json: { error: 'no', message: 'Wrong password', code: 'AUTH' } });
    const { error, requests } = await refusal(base, answer, 'setup');
    expect(error.code).toBe('login_failed');
    expect(error.message).toContain('POST /auth/login as "a" answered 401: Wrong password (AUTH)');
    expect(requests).toBe(1);
  });

  it('never shows the password', async () => {
    const options = { ...base, credentials: { accounts: [{ username: 'a', password: 'hunter2' }] } };
    const { error } = await refusal(options, () => fakeResponse({ status: 401 }), 'setup');
    expect(error.message).not.toContain('hunter2');
  });

  it('waits as long as a limiter says, up to a minute', async () => {
    const answer = () => fakeResponse({ status: 429, headers: { 'retry-after': '20' } });
    const { error, requests, thinkSeconds } = await refusal(base, answer, 'setup');
    expect([error.code, requests, thinkSeconds]).toEqual(['login_failed', 4, 60]);
  });

  it('waits longer each time where a limiter says nothing', async () => {
    const { requests, thinkSeconds } = await refusal(base, () => fakeResponse({ status: 429 }), 'setup');
    expect(requests).toBeGreaterThan(5);
    expect(thinkSeconds).toBeGreaterThan(30);
    expect(thinkSeconds).toBeLessThanOrEqual(60);
  });

  it('logs in after transient failures', async () => {
    const scenario = chatJourney(base);
    const target = scriptedTarget(documentedDialect);
    let failures = 3;
    const user = scriptedUser(
      (spec) => (failures-- > 0 ? fakeResponse({ status: 500 }) : target.answer(spec)),
      scenario,
    );
    expect((await scenario.setup?.(user))?.login?.token).toBe('t1');
  });

  it('fails the start of a user whose own login has no token', async () => {
    const { error } = await refusal(
      { ...base, identity: 'per-user' },
      () => fakeResponse({ json: {} }),
      'onStart',
    );
    expect(error.code).toBe('login_without_token');
  });

  it('needs an account or a token', () => {
    expect(() => chatJourney({ ...base, credentials: { accounts: [] } })).toThrow(JarvisError);
    expect(() => chatJourney({ ...base, credentials: { token: '' } })).toThrow(JarvisError);
  });
});

describe('identity', () => {
  const loginsOf = async (options: JarvisScenarioOptions) => {
    const scenario = memoryWorkflow(options);
    const target = scriptedTarget(documentedDialect);
    const names: unknown[] = [];
    const answer = (spec: RequestSpec) => {
      if (spec.operation === 'auth.login') names.push((spec.json as { username: string }).username);
      return target.answer(spec);
    };
    const first = scriptedUser(answer, scenario);
    const shared = (await scenario.setup?.(first)) ?? { login: null };
    for (const id of [1, 2, 3]) await scenario.onStart?.(scriptedUser(answer, scenario, { id }), shared);
    return names;
  };

  it('shared logs in once, with the first account', async () => {
    expect(await loginsOf(base)).toEqual(['a']);
  });

  it('per-user logs each user in, with the accounts in turn', async () => {
    expect(await loginsOf({ ...base, identity: 'per-user' })).toEqual(['a', 'b', 'a']);
  });

  it('a token that was given is used as it is, and nobody logs in', async () => {
    const scenario = memoryWorkflow({ ...base, credentials: { token: 'mine' } });
    expect(scenario.operations.map(({ name }) => name)).toEqual(['memory.store', 'memory.search']);
    const user = scriptedUser(() => fakeResponse({ status: 401 }), scenario);
    const shared = (await scenario.setup?.(user)) ?? { login: null };
    const state = await startUser(scenario, user, shared);
    await scenario.run?.(user, { shared, state });
    expect(user.script.sent.map(({ headers }) => headers?.['authorization'])).toEqual(['Bearer mine']);
  });
});

describe('the token of a session', () => {
  /** A memory scenario with its own clock, set up for user 1. */
  async function start(settings: { expiresIn: number }) {
    const clock = { ms: 1_000_000 };
    const target = scriptedTarget(documentedDialect, settings);
    let answer = (spec: RequestSpec): LoadResponse => target.answer(spec);
    const scenario = memoryWorkflow({ ...base, now: () => clock.ms });
    const user = scriptedUser((spec) => answer(spec), scenario);
    const shared = (await scenario.setup?.(user)) ?? { login: null };
    const state = await startUser(scenario, user, shared);
    return {
      clock,
      target,
      user,
      setAnswer: (next: (spec: RequestSpec) => LoadResponse) => (answer = next),
      iterate: () => scenario.run?.(user, { shared, state }),
    };
  }

  it('is renewed when at most 90 % of its life is over, and not before 80 %', async () => {
    const { clock, target, iterate } = await start({ expiresIn: 100 });
    clock.ms += 79_000;
    await iterate();
    expect(target.logins).toBe(1);
    clock.ms += 11_000;
    await iterate();
    expect(target.logins).toBe(2);
    await iterate();
    expect(target.logins).toBe(2);
  });

  it('is renewed once when it is refused, and the request is sent again', async () => {
    const { target, user, iterate } = await start({ expiresIn: 3600 });
    target.revoke();
    await iterate();
    expect(requestsByOperation(user)).toEqual({ 'auth.login': 2, 'memory.store': 2, 'memory.search': 1 });
  });

  it('does not lead to a storm of logins when every token is refused', async () => {
    const { target, user, iterate, setAnswer } = await start({ expiresIn: 3600 });
    setAnswer((spec) =>
      spec.operation === 'auth.login' ? target.answer(spec) : fakeResponse({ status: 401 }),
    );
    for (let iteration = 0; iteration < 20; iteration++) await iterate();
    expect(requestsByOperation(user)).toEqual({ 'auth.login': 2, 'memory.store': 21 });
  });

  it('stays when a renewal fails, and the next try waits', async () => {
    const { clock, target, user, iterate, setAnswer } = await start({ expiresIn: 100 });
    clock.ms += 95_000;
    setAnswer((spec) =>
      spec.operation === 'auth.login' ? fakeResponse({ status: 500 }) : target.answer(spec),
    );
    await iterate();
    expect(requestsByOperation(user)['auth.login']).toBe(2);
    setAnswer((spec) => target.answer(spec));
    clock.ms += 5000;
    await iterate();
    expect(target.logins).toBe(2);
  });
});
