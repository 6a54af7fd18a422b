import { checkThresholds, Redactor, type FixedSuite, type PreparedSuite } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { loadShape } from '../src/run/load-shape.ts';
import { chooseScenarios, planScenarios, recipeFor, scenariosOfThread } from '../src/run/scenarios.ts';
import { asDefinition, createScenarios, operationNamesOf, SUITES } from '../src/suites/suites.ts';
import { credentialsFrom, identityOf } from '../src/target/credentials.ts';
import { failureError, findFacts } from '../src/target/detect.ts';
import { CONTEXT } from './support/create-context.ts';

const SHOP: FixedSuite = {
  name: 'shop',
  scenarios: [
    {
      name: 'browse',
      operations: [{ name: 'cart', method: 'GET', route: '/cart' }],
      run: async (user) => void (await user.request({ operation: 'cart', path: '/cart' })),
    },
  ],
};
const ASKED = { credentials: undefined, runId: 'r', depth: 'facts' } as const;
const NO_SECRETS = new Redactor();
const NO_CLIENT = {
  request: () => Promise.reject(new Error('nothing is asked')),
  close: () => Promise.resolve(),
};

describe('a suite of a name and scenarios alone', () => {
  it('has its scenarios chosen, by default and by name', () => {
    expect(chooseScenarios(undefined, '--scenario', SHOP)).toEqual(SHOP.scenarios);
    expect(chooseScenarios(['browse'], '--scenario', SHOP)).toEqual(SHOP.scenarios);
    expect(() => chooseScenarios(['chat'], '--scenario', SHOP)).toThrow('unknown scenario "chat"');
  });

  it('is not probed, and needs no credentials', async () => {
    expect(credentialsFrom({}, SHOP, '/', true)).toBeUndefined();
    expect(credentialsFrom({ token: 't' }, SHOP, '/', false)).toEqual({ token: 't' });
    expect(identityOf({}, undefined)).toBe('shared');
    expect(await findFacts(SHOP, NO_CLIENT, 'http://a', ASKED, NO_SECRETS)).toEqual({ facts: undefined });
  });

  it('gets the standard profiles and the load of the flags', () => {
    expect(createScenarios(SHOP, ['browse'], CONTEXT)).toEqual(SHOP.scenarios);
    const [executor] = recipeFor(
      SHOP,
      ['browse'],
      CONTEXT,
      loadShape({ users: 7 }, { suite: SHOP, scenarios: SHOP.scenarios }),
    ).executors;
    expect(executor).toMatchObject({ kind: 'ramping-vus', stages: [{ target: 7 }, { target: 7 }] });
  });

  it('asks for a name with a password, and for a password with a name', () => {
    expect(() => credentialsFrom({ password: 'p' }, SHOP, '/', true)).toThrow('no user name');
    expect(() => credentialsFrom({ username: 'u' }, SHOP, '/', true)).toThrow('no password for u');
  });
});

describe('a suite that asks the target', () => {
  const suite = (kind: 'unreachable' | 'neither', problem?: string): PreparedSuite<string> => ({
    name: 'shop',
    scenarios: SHOP.scenarios,
    prepare: () =>
      Promise.resolve({
        facts: undefined,
        failure: { kind, reasons: ['because'], ...(problem === undefined ? {} : { problem }) },
      }),
    create: () => SHOP.scenarios,
  });

  it('names the failure in its own words, or in ours', async () => {
    await expect(
      findFacts(suite('neither', 'is no shop'), NO_CLIENT, 'http://a', ASKED, NO_SECRETS),
    ).rejects.toThrow('http://a is no shop:\n    because');
    await expect(findFacts(suite('unreachable'), NO_CLIENT, 'http://a', ASKED, NO_SECRETS)).rejects.toThrow(
      'cannot reach http://a:',
    );
    expect(failureError({ kind: 'login-refused', reasons: [] }, 'http://a', NO_SECRETS).exit).toBe('usage');
  });

  it('shows no half of a secret where the words of the target are cut', async () => {
    const secret = 'k3y-'.repeat(10);
    const said = `${'x'.repeat(180)}${secret} ${'y'.repeat(100)}`;
    const redactor = new Redactor([secret]);
    const failed = failureError({ kind: 'unavailable', reasons: [said] }, 'http://a', redactor);
    expect(failed.message).toMatch(/x{180}\*\*\* y+…/);
    const operation = {
      name: 'cart',
      method: 'GET',
      route: '/cart',
      status: 404,
      verdict: 'missing',
      durationMs: undefined,
    } as const;
    const missing: PreparedSuite<string> = {
      ...suite('neither'),
      prepare: () => Promise.resolve({ facts: '', operations: [{ ...operation, detail: said }] }),
    };
    await expect(findFacts(missing, NO_CLIENT, 'http://a', ASKED, redactor)).rejects.toThrow(
      /x{180}\*\*\* y+…/,
    );
  });
});

describe.each(SUITES.map((suite) => [suite.name, suite] as const))('the suite %s', (_name, suite) => {
  it('has scenarios that thresholds can be checked against before a target is asked', () => {
    for (const scenario of suite.scenarios) {
      const inspected = {
        ...asDefinition(scenario),
        executor: { kind: 'constant-vus' as const, duration: 1 },
      };
      const thresholds = Object.fromEntries(
        scenario.operations.map(({ name }) => [`http_req_duration{operation:${name}}`, ['p(95)<1']]),
      );
      expect(() => checkThresholds([inspected], thresholds)).not.toThrow();
    }
  });

  it('declares the operations of its scenarios and objectives', () => {
    const named = suite.scenarios.flatMap(({ operations }) => operations.map(({ name }) => name));
    expect(operationNamesOf(suite)).toEqual(expect.arrayContaining(named));
    for (const { objectives } of Object.values(suite.objectives ?? {}))
      expect(operationNamesOf(suite)).toEqual(
        expect.arrayContaining(objectives.map(({ operation }) => operation)),
      );
  });
});

it('a thread makes the same scenarios from a recipe that was cloned for it', async () => {
  const context = { ...CONTEXT, facts: { dialect: 'core' }, credentials: { token: 't' }, files: [] };
  const [suite] = SUITES;
  const recipe = recipeFor(
    suite,
    ['chat-user', 'memory'],
    context,
    loadShape({}, { suite, scenarios: suite.scenarios }),
  );
  const names = (each: ReturnType<typeof planScenarios>) =>
    each.map(({ name, executor, operations }) => ({
      name,
      executor,
      operations: operations.map((o) => o.name),
    }));
  expect(names(await scenariosOfThread(structuredClone(recipe)))).toEqual(
    names(planScenarios(suite, recipe)),
  );
  expect(planScenarios(suite, recipe)).toHaveLength(2);
});
