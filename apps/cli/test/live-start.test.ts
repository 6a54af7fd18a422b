import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { StartRequest } from '@jarvis-load/live';
import type { ConfigFile } from '../src/config/read-config.ts';
import { NO_CONFIG_FILE } from '../src/config/read-config.ts';
import { OfferedSuites } from '../src/live/offered-suites.ts';
import { planOfStart } from '../src/live/plan-of-start.ts';
import { startOffer } from '../src/live/start-offer.ts';
import type { UiSettings } from '../src/options/ui-flags.ts';

const cwd = mkdtempSync(join(tmpdir(), 'jarvis-live-start-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const SHOP = (name: string, more = '') => `
import { defineScenario } from '@jarvis-load/engine';
export default defineScenario({ name: '${name}', operations: ['GET /cart'], async run(user) { await user.get('/cart'); }, ${more} });
export const objectives = [{ operation: 'GET /cart', p95Ms: 500 }];
`;
const CONFIG: ConfigFile = {
  ...NO_CONFIG_FILE,
  targets: {
    staging: {
      url: 'https://staging.example.org/shop',
      maxUsers: 20,
      maxRate: 50,
      maxDuration: '1m',
      owner: 'us',
      expiry: '2999-12-31',
    },
  },
};

async function partsOf(settings: UiSettings = {}, file = '', argv: readonly string[] = ['ui']) {
  const offered = new OfferedSuites(settings, cwd, file);
  const suites = await offered.current();
  return { settings, suites, offer: startOffer(settings, CONFIG, suites), file, argv };
}
const USERS = { kind: 'users', users: 5 } as const;
const START: StartRequest = { target: 'mock', load: USERS };

describe('what the start form offers', () => {
  it('begins with what flags and config file ask for', async () => {
    const { offer } = await partsOf({
      target: 'staging',
      confirmTarget: 'staging.example.org:443',
      scenario: ['memory'],
      users: 7,
      spawnRate: 2,
      duration: 60_000,
      objectives: 'benchmark',
      threshold: { http_req_failed: ['rate<0.01'] },
    });
    expect(offer.defaults).toEqual({
      target: 'staging',
      suite: 'jarvis',
      scenarios: ['memory'],
      load: { kind: 'users', users: 7, perSecond: 2, durationMs: 60_000 },
      objectives: 'benchmark',
      thresholds: ['http_req_failed:rate<0.01'],
    });
    expect(offer.targets.map(({ name }) => name)).toEqual(['staging', 'mock', 'local']);
    expect(offer.suites.map(({ name }) => name)).toEqual(['jarvis', 'openai']);
    const { offer: rated } = await partsOf({ rate: 30 });
    expect(rated.defaults.load).toEqual({ kind: 'rate', rate: 30 });
    const { offer: profiled } = await partsOf({ profile: 'smoke', users: 3 });
    expect(profiled.defaults.load).toEqual({ kind: 'profile', profile: 'smoke', users: 3 });
  });

  it('has a test file first, with its own load and objectives, read again when it was changed', async () => {
    const path = join(cwd, 'shop.ts');
    writeFileSync(path, SHOP('shopper', "executor: { kind: 'constant-vus', vus: 2, duration: '4s' }"));
    utimesSync(path, 1, 1);
    const offered = new OfferedSuites({}, cwd, './shop.ts');
    const suites = await offered.current();
    const { suites: shown, defaults } = startOffer({}, CONFIG, suites);
    expect(shown.map(({ name }) => name)).toEqual(['shop.ts', 'jarvis', 'openai']);
    expect(shown[0]).toMatchObject({
      scenarios: [{ name: 'shopper', byDefault: true }],
      ownLoad: true,
      objectives: [{ name: 'own' }],
    });
    expect(defaults).toMatchObject({ suite: 'shop.ts', load: { kind: 'own' }, objectives: 'own' });
    expect((await offered.current())[0]).toBe(suites[0]);
    writeFileSync(path, SHOP('buyer'));
    utimesSync(path, 2, 2);
    expect((await offered.current())[0].scenarios.map(({ name }) => name)).toEqual(['buyer']);
    writeFileSync(path, 'export default 7;');
    await expect(offered.current()).rejects.toThrow('shop.ts');
  });

  it('reads a test file again that was saved while it was read', async () => {
    const path = join(cwd, 'saved.ts');
    const save = `import { writeFileSync } from 'node:fs';\nwriteFileSync(import.meta.filename, ${JSON.stringify(SHOP('late'))});\n`;
    writeFileSync(path, save + SHOP('early'));
    utimesSync(path, 1, 1);
    const offered = new OfferedSuites({}, cwd, './saved.ts');
    const names = async () => (await offered.current())[0].scenarios.map(({ name }) => name);
    expect([await names(), await names()]).toEqual([['early'], ['late']]);
  });

  it.each(['http://127.example.com', 'http://127.0.0.1.example.com'])(
    'does not take %s for this machine',
    async (target) => {
      await expect(partsOf({ target })).rejects.toThrow('is not configured');
    },
  );

  it('has the address of --target on this machine, and refuses another that is not configured', async () => {
    const { offer } = await partsOf({ target: 'http://127.0.0.1:3000' });
    expect(offer.defaults.target).toBe('http://127.0.0.1:3000');
    await expect(partsOf({ target: 'http://victim.example' })).rejects.toThrow('is not configured');
    const { offer: covered } = await partsOf({ target: 'https://staging.example.org/shop/eu' });
    expect(covered.targets[0]).toMatchObject({
      name: 'https://staging.example.org/shop/eu',
      maxUsers: 20,
      refused: 'start ui with --confirm-target=staging.example.org:443',
    });
  });
});

describe('a start at the page', () => {
  it('becomes a plan with the tests, load and promises that it names, and the command that repeats it', async () => {
    writeFileSync(join(cwd, 'own.ts'), SHOP('shopper'));
    const argv = ['ui', './own.ts', '--target=local', '--ui-port', '0', '--title', 'mine', '-u5', '--quiet'];
    const parts = await partsOf({ quiet: true, title: 'mine', users: 5, seed: 3 }, './own.ts', argv);
    const { plan, ramp } = planOfStart(
      {
        ...START,
        load: { kind: 'users', users: 10, perSecond: 2, durationMs: 90_000 },
        thresholds: ['http_req_failed:rate<0.01'],
      },
      parts,
    );
    expect(plan).toEqual({
      settings: {
        quiet: true,
        title: 'mine',
        seed: 3,
        target: 'mock',
        scenario: ['shopper'],
        threshold: { http_req_failed: ['rate<0.01'] },
        duration: 90_000,
      },
      file: './own.ts',
      steered: { users: 0, ramp: { users: 10, perSecond: 2 } },
      argv: [
        'load',
        './own.ts',
        '--target=mock',
        '--scenario=shopper',
        '--users=10',
        '--spawn-rate=2',
        '--duration=1m30s',
        '--threshold=http_req_failed:rate<0.01',
        '--title',
        'mine',
        '--quiet',
      ],
    });
    expect(ramp).toEqual({ users: 10, perSecond: 2 });
    const { plan: other } = planOfStart(
      { ...START, suite: 'openai', load: { kind: 'profile', profile: 'smoke', users: 3 } },
      parts,
    );
    expect(other).toMatchObject({ settings: { suite: 'openai', profile: 'smoke', users: 3 } });
    expect(other).not.toHaveProperty('file');
    expect(other).not.toHaveProperty('steered');
  });

  it('keeps settings for the mock and for a suite to where they mean something', async () => {
    const parts = await partsOf({ set: { 'mock.preset': 'degraded' } });
    const setOn = (target: string) => planOfStart({ ...START, target }, parts).plan.settings.set;
    expect(setOn('mock')).toEqual({ 'mock.preset': 'degraded' });
    expect(setOn('local')).toEqual({});
    // The command that the document shows has the same settings, however they were written.
    const argv = ['ui', '--set', 'mock.preset=degraded', '--set=nope=1', '--set', ' mock.x = 1'];
    const set = { 'mock.preset': 'degraded', nope: '1', 'mock.x': '1' };
    const given = await partsOf({ set }, '', argv);
    const kept = (target: string, suite: string) =>
      planOfStart({ ...START, target, suite }, given).plan.argv?.slice(5);
    expect(kept('mock', 'jarvis')).toEqual(argv.slice(1));
    expect(kept('local', 'jarvis')).toEqual(['--set=nope=1']);
    expect(kept('local', 'openai')).toEqual([]);
  });

  it.each<[Partial<StartRequest>, number, RegExp]>([
    [{ target: 'http://victim.example' }, 403, /"http:\/\/victim.example" is not configured/],
    [{ target: 'staging' }, 403, /--confirm-target=staging.example.org:443/],
    [{ suite: 'nope' }, 400, /Unknown suite "nope"/],
    [{ scenarios: ['nope'] }, 400, /Unknown scenario "nope"/],
    [{ suite: 'openai', scenarios: ['memory'] }, 400, /Unknown scenario "memory"/],
    [{ objectives: 'nope' }, 400, /Unknown objectives "nope"/],
    [{ thresholds: ['p95<3'] }, 400, /"p95<3" is no threshold/],
    [{ thresholds: ['nope:count<3'] }, 400, /no metric 'nope'/],
    [{ load: { kind: 'own' } }, 400, /bring no load/],
    [{ load: { kind: 'profile', profile: 'nope' } }, 400, /Unknown profile "nope"/],
    [{ load: { kind: 'profile', profile: 'smoke', timeScale: 1, durationMs: 5000 } }, 400, /contradict/],
    [{ load: { kind: 'users', users: 1_000_001 } }, 403, /more than the target allows/],
    [{ load: { kind: 'rate', rate: 1_000_001 } }, 403, /more than the target allows/],
  ])('with %j is refused', async (change, status, message) => {
    const parts = await partsOf();
    const problem = ((): unknown => {
      try {
        return planOfStart({ ...START, ...change }, parts);
      } catch (error) {
        return error;
      }
    })() as Error & { readonly next: string | null };
    expect(problem).toMatchObject({ name: 'LiveError', status });
    expect(`${problem.message} ${problem.next ?? ''}`).toMatch(message);
  });

  it('stays within the ceilings of a configured target', async () => {
    const parts = await partsOf({ confirmTarget: 'staging.example.org:443' });
    const refused = (load: StartRequest['load']) => () => planOfStart({ target: 'staging', load }, parts);
    expect(refused({ kind: 'users', users: 21 })).toThrow('21 users is more than the target allows');
    expect(refused({ kind: 'rate', rate: 51 })).toThrow('51 iterations per second');
    expect(refused({ kind: 'profile', profile: 'smoke', users: 21 })).toThrow('21 users');
    expect(refused({ kind: 'users', users: 20, durationMs: 61_000 })).toThrow(
      'longer than the target allows',
    );
  });
});
