import { describe, expect, it } from 'vitest';
import type { ScenarioDefinition, Thresholds } from '../src/model/scenario.ts';
import type { ScriptedRequest } from '../src/testing/scripted-target.ts';
import type { ScriptedAnswer } from '../src/testing/scripted-answer.ts';
import { neverRead } from '../src/transport/failure.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const ONCE = { kind: 'per-vu-iterations', vus: 1, iterations: 2 } as const;

function load(
  parts: Partial<ScenarioDefinition>,
  thresholds: Thresholds,
  answer?: (request: ScriptedRequest) => ScriptedAnswer,
) {
  const { executor = ONCE } = parts;
  return virtualLoad({ scenarios: [asking('shop', executor, parts)], thresholds }, answer).result();
}

const measured = ({ thresholds }: Awaited<ReturnType<typeof load>>) =>
  Object.fromEntries(thresholds.map(({ metric, measured: value }) => [metric, value]));

describe('tags of single requests', () => {
  it('select what was sent again, and what the end of the run cut off', async () => {
    let asked = 0;
    const result = await load(
      {
        requestTags: ['page'],
        executor: { kind: 'constant-vus', vus: 1, duration: '2s', gracefulStop: '0s' },
        run: async (user) => {
          await user.request({ operation: 'shop.ask', tags: { page: 'home' } });
          await user.request({ operation: 'shop.ask', tags: { page: 'cart' } });
          await user.request({ operation: 'shop.ask', tags: { page: 'slow' } });
        },
      },
      {
        'http_req_retried{page:cart}': ['rate==1'],
        'http_req_retried{page:home}': ['rate==0'],
        'interrupted_requests{page:slow}': ['count==1'],
        'interrupted_requests{page:cart}': ['count==0'],
      },
      () => {
        asked++;
        if (asked === 2) return { afterMs: 1, failure: neverRead() };
        return { afterMs: asked === 4 ? 60_000 : 10 };
      },
    );
    expect(measured(result)).toEqual({
      'http_req_retried{page:cart}': 1,
      'http_req_retried{page:home}': 0,
      'interrupted_requests{page:slow}': 1,
      'interrupted_requests{page:cart}': 0,
    });
    expect(result.tags!.map(({ value, retries }) => [value, retries])).toEqual([
      ['home', 0],
      ['cart', 1],
    ]);
  });

  it('have rates over the time of the scenarios that made them', async () => {
    const scenario = (name: string, startTime: string) =>
      asking(
        name,
        { kind: 'constant-arrival-rate', rate: 10, duration: '10s', startTime, maxVUs: 50 },
        { operations: [{ name: `${name}.ask`, method: 'GET', route: '/', tags: { page: name } }] },
      );
    const { tags } = await virtualLoad({
      scenarios: [scenario('early', '0s'), scenario('late', '50s')],
    }).result();
    expect(tags!.map(({ value, requestsPerSecond }) => [value, requestsPerSecond])).toEqual([
      ['early', 10],
      ['late', 10],
    ]);
  });

  it('select times and counts of streams', async () => {
    const result = await load(
      {
        requestTags: ['model'],
        operations: [{ name: 'ask', method: 'POST', route: '/ask', stream: 'sse' }],
        run: async (user) => {
          for (const model of ['small', 'large']) {
            const answer = user.stream({ operation: 'ask', path: `/${model}`, tags: { model } });
            await answer.response;
          }
        },
      },
      {
        'ttft{model:small}': ['max<150'],
        'ttft{model:large}': ['max<950'],
        'output_tokens{model:large}': ['count==4'],
        'good_streams{model:large}': ['count==0'],
      },
      ({ path }) => {
        const atMs = path === '/small' ? 100 : 900;
        return { pieces: [{ atMs, bytes: 'data: a\n\ndata: b\n\ndata: [DONE]\n\n' }] };
      },
    );
    expect(result.exceptions).toEqual([]);
    const values = measured(result);
    expect(values['ttft{model:small}']).toBeCloseTo(100, 0);
    expect(values['ttft{model:large}']).toBeCloseTo(900, 0);
    expect(values['output_tokens{model:large}']).toBe(4);
  });

  it('are refused for goodput, which counts streams that were planned and never sent', async () => {
    const parts = { requestTags: ['model'] };
    expect(() => load(parts, { 'goodput{model:large}': ['rate>0.9'] })).toThrow('goodput has no tag "model"');
  });
});

it('a tag of a scenario with a built-in name selects nothing, and is refused where the metric has none', async () => {
  const parts = { tags: { method: 'fast', team: 'a' } };
  expect(() => load(parts, { 'iterations{method:fast}': ['count>0'] })).toThrow(
    'iterations has no tag "method"',
  );
  const { thresholds } = await load(parts, { 'iterations{team:a}': ['count==2'] });
  expect(thresholds).toMatchObject([{ status: 'pass' }]);
});

describe('user.group', () => {
  it('is measured as k6 measures it: group_duration, by path', async () => {
    const result = await load(
      {
        run: async (user) => {
          await user.group('checkout', async () => {
            await user.request({ operation: 'shop.ask' });
            await user.group('payment', () => user.think(2));
          });
          await user.group('failing', () => Promise.reject(new Error('no stock')));
        },
      },
      {
        'group_duration{group:::checkout}': ['max<2020'],
        'group_duration{group:::checkout::payment}': ['max<2010'],
        'group_duration{group:::failing}': ['max<1'],
        'group_duration{scenario:shop}': ['max<2020'],
        group_duration: ['count==4'],
      },
    );
    const values = measured(result);
    expect(values['group_duration{group:::checkout}']).toBeCloseTo(2010, -1);
    expect(values['group_duration{group:::checkout::payment}']).toBeCloseTo(2000, -1);
    // The work threw.
    expect(values['group_duration{group:::failing}']).toBeNull();
    expect(values['group_duration{scenario:shop}']).toBeCloseTo(2010, -1);
    expect(values['group_duration']).toBe(4);
    const rows = result.tags?.map(({ tag, value, requests, groupDuration }) => [
      `${tag}:${value}`,
      requests,
      groupDuration?.count,
    ]);
    expect(rows).toEqual([
      ['group:::checkout', 2, 2],
      ['group:::checkout::payment', 0, 2],
    ]);
    expect(result.metrics.find(({ name }) => name === 'group_duration')?.values['count']).toBe(4);
  });

  it('is named by its path in a threshold, and has no other tags', () => {
    const refused = (metric: string) => () => load({ requestTags: ['page'] }, { [metric]: ['max<1'] });
    expect(refused('group_duration{group:checkout}')).toThrow('expected "group:::checkout"');
    expect(refused('http_req_duration{group:checkout}')).toThrow('expected "group:::checkout"');
    expect(refused('group_duration{page:cart}')).toThrow('group_duration has no tag "page"');
  });
});

describe('user.stop', () => {
  it('ends the iteration at once: what follows is not done, and it counts as interrupted', async () => {
    let after = 0;
    const result = await load(
      {
        run: async (user) => {
          await user.request({ operation: 'shop.ask' });
          if (user.iteration === 0) user.stop('closed');
          after++;
        },
      },
      {},
    );
    expect(after).toBe(0);
    expect(result.run.end).toEqual({ kind: 'stopped', reason: 'scenario "shop": closed' });
    expect(result.scenarios[0]?.iterations).toMatchObject({ interrupted: 1, completed: 0, failed: 0 });
    expect(result.exceptions).toEqual([]);
  });

  it('in onStart ends the run before an iteration', async () => {
    const result = await load({ onStart: async (user) => user.stop('no account') }, {});
    expect(result.run.end).toEqual({ kind: 'stopped', reason: 'scenario "shop": no account' });
    expect(result.scenarios[0]?.iterations).toMatchObject({ interrupted: 1, failed: 0 });
  });

  it('in setup ends the run before the load', async () => {
    const result = await load({ setup: async (user) => user.stop('the shop is closed') }, {});
    expect(result.run.end).toEqual({ kind: 'stopped', reason: 'scenario "shop": the shop is closed' });
    expect(result.totals.requests).toBe(0);
  });
});

describe('user.check', () => {
  it('asks about any value, as in k6, but a promise', async () => {
    const result = await load(
      {
        run: async (user) => {
          const answer = await user.request({ operation: 'shop.ask' });
          const session = answer.status === 0 ? { token: 't' } : undefined;
          user.check(session, { 'has a session': (value) => value?.token === 't' });
          user.check(null, { 'is null': (value) => value === null });
          user.check(answer.json(), { 'is data': (value) => typeof value === 'object' });
          user.check(answer, { 'is 200': ({ status }) => status === 200 });
          // @ts-expect-error A promise has no checks.
          user.check(Promise.resolve(answer), { 'is 200': () => true });
        },
      },
      {},
    );
    expect(result.checks.map(({ name, passes, fails }) => [name, passes, fails])).toEqual([
      ['has a session', 0, 2],
      ['is null', 2, 0],
      ['is data', 2, 0],
      ['is 200', 2, 0],
    ]);
    expect(result.exceptions[0]?.message).toContain('checks a promise');
  });
});
