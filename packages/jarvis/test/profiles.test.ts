import { recordings } from './recordings.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  JarvisError,
  OBJECTIVE_SETS,
  objectivesFor,
  peakUsers,
  PROFILES,
  profileByName,
  profileDurationMs,
  profileExecutor,
  resolveSettings,
  SCENARIOS,
  documentedDialect,
} from '../src/index.ts';

describe('profiles', () => {
  it('are as long as their stages, and say so', () => {
    expect(PROFILES.map((profile) => [profile.name, profileDurationMs(profile) / 1000])).toEqual([
      ['selftest', 30],
      ['smoke', 60],
      ['load', 330],
      ['stress', 600],
      ['spike', 190],
      ['soak', 3600],
      ['chat', 330],
      ['voice', 240],
    ]);
    expect(profileByName('load').description).toContain('5 min 30 s');
    expect(profileByName('spike').description).toContain('3 min 10 s');
  });

  it('keep the stages of the k6 tests', () => {
    expect(profileExecutor('voice')).toEqual({
      kind: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: 30_000, target: 5 },
        { duration: 60_000, target: 20 },
        { duration: 120_000, target: 20 },
        { duration: 30_000, target: 0 },
      ],
    });
  });

  it('scale all levels in proportion, rounded up, and the time of stages', () => {
    const { stages } = profileExecutor('load', { users: 25, timeScale: 0.1 });
    expect(stages).toEqual([
      { duration: 3000, target: 3 },
      { duration: 6000, target: 13 },
      { duration: 12_000, target: 13 },
      { duration: 3000, target: 25 },
      { duration: 6000, target: 25 },
      { duration: 3000, target: 0 },
    ]);
  });

  it('peak at the users asked for, and last as long as asked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PROFILES),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1000, max: 10_000_000 }),
        (profile, users, durationMs) => {
          const executor = profileExecutor(profile, { users, durationMs });
          expect(peakUsers(executor)).toBe(users);
          expect(executor.startVUs).toBeLessThanOrEqual(users);
          const sum = executor.stages.reduce((total, { duration }) => total + Number(duration), 0);
          expect(Math.abs(sum - durationMs)).toBeLessThanOrEqual(executor.stages.length);
        },
      ),
    );
  });

  it('selftest has as many users as give each judged operation about 200 samples', () => {
    const scenario = (name: string) =>
      SCENARIOS.find((entry) => entry.name === name)?.create({
        dialect: documentedDialect,
        credentials: { token: 't' },
        runId: 'r',
        recordings,
      });
    for (const name of ['chat-user', 'voice-user', 'memory']) {
      const demand = scenario(name)?.demand;
      if (demand === undefined) throw new Error(name);
      const users = peakUsers(profileExecutor('selftest', { demand }));
      const iterations = (users * 27.5) / (demand.iterationSeconds + 0.5);
      for (const { operation } of OBJECTIVE_SETS.suite.objectives) {
        const perIteration = demand.requests[operation] ?? 0;
        if (perIteration > 0) expect([operation, iterations * perIteration > 150]).toEqual([operation, true]);
      }
      expect(users).toBeLessThan(120);
    }
    expect(peakUsers(profileExecutor('selftest'))).toBe(10);
  });

  it.each([
    [() => profileExecutor('loda'), /There is no profile "loda". Use one of: selftest, smoke/],
    [() => profileExecutor('load', { users: 0 }), /users should be a whole number above 0, is 0/],
    [() => profileExecutor('load', { users: 1.5 }), /users/],
    [() => profileExecutor('load', { timeScale: -1 }), /timeScale should be a number above 0/],
    [() => profileExecutor('load', { timeScale: 2, durationMs: 5 }), /not both/],
  ])('refuse nonsense by name', (make, message) => {
    expect(make).toThrow(JarvisError);
    expect(make).toThrow(message);
  });
});

describe('objectives', () => {
  it('are those of the operations that a run makes', () => {
    expect(objectivesFor(['chat.send', 'health']).map(({ operation }) => operation)).toEqual(['chat.send']);
    expect(objectivesFor(['chat.send', 'health'], 'benchmark').map(({ operation }) => operation)).toEqual([
      'health',
      'chat.send',
    ]);
    expect(() => objectivesFor([], 'other')).toThrow(/Use one of: suite, benchmark/);
  });

  it('name operations of the documented dialect only', () => {
    for (const { objectives } of Object.values(OBJECTIVE_SETS)) {
      for (const { operation } of objectives)
        expect(documentedDialect.operations).toHaveProperty([operation]);
    }
  });
});

describe('settings', () => {
  it('have defaults, and read what a command line gives', () => {
    expect(resolveSettings()).toEqual({
      recordings: '',
      language: 'fr',
      searchQuery: 'test',
      memoryAttempts: 5,
    });
    expect(resolveSettings({ recordings: 'speech', searchQuery: 'café' })).toMatchObject({
      recordings: 'speech',
      searchQuery: 'café',
    });
  });

  it.each([
    [{ audioSeconds: 3 }, /There is no scenario setting "audioSeconds".*recordings/],
    [{ recordings: 3 }, /recordings should be a text/],
    [{ memoryAttempts: 1.5 }, /whole number from 1 to 50/],
    [{ language: '' }, /language/],
    [{ toString: 1 }, /There is no scenario setting "toString"/],
  ])('refuse %j', (given, message) => {
    expect(() => resolveSettings(given)).toThrow(message);
  });
});
