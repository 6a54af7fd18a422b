import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../src/testing/virtual-clock.ts';
import { openClient } from '../src/client.ts';
import { EngineError } from '../src/errors.ts';
import type { RunOptions } from '../src/model/run-options.ts';
import { runLoad, startLoad } from '../src/coordination/load.ts';
import type { ScenarioDefinition } from '../src/model/scenario.ts';
import { ScriptedTarget } from '../src/testing/scripted-target.ts';

const operations = [{ name: 'ask', method: 'GET', route: '/ask' }] as const;
const scenario: ScenarioDefinition = {
  name: 'asks',
  operations,
  demand: { iterationSeconds: 1, requests: { ask: 2 } },
  executor: { kind: 'per-vu-iterations', vus: 3 },
  async run(user) {
    await user.request({ operation: 'ask', path: '/ask' });
  },
};

let server: Server;
let port: number;
let seen = 0;
beforeAll(async () => {
  server = createServer((_, response) => {
    seen++;
    response.end('{}');
  });
  // Each loopback address of this machine, both families where there are two.
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

/** The error that refuses a run with these options, or `undefined`; `lookups` counts resolved names. */
async function attempt(options: Partial<RunOptions> & { readonly answers?: readonly string[] }) {
  const { answers, ...rest } = options;
  let lookups = 0;
  const before = seen;
  const run = await Promise.resolve()
    .then(() =>
      runLoad({
        baseUrl: `http://127.0.0.1:${port}`,
        scenarios: [scenario],
        warmUp: false,
        resolve: () => {
          lookups++;
          return answers === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(answers);
        },
        ...rest,
      }),
    )
    .catch((error: unknown) => error);
  const error = run instanceof Error ? run : undefined;
  return { error, result: error === undefined ? run : undefined, lookups, sent: seen - before };
}

describe('without `allow` only loopback is loaded', () => {
  it('by address and by the name localhost', async () => {
    expect((await attempt({})).sent).toBe(3);
    const named = await attempt({ baseUrl: `http://localhost:${port}`, answers: ['127.0.0.1'] });
    expect(named.error).toBeUndefined();
    expect(named.sent).toBe(3);
    expect((await attempt({ baseUrl: `http://jarvis.localhost:${port}`, answers: ['127.0.0.1'] })).sent).toBe(
      3,
    );
    expect((await attempt({ baseUrl: `http://2130706433:${port}` })).sent).toBe(3);
  });

  it('and any name whose connections are pinned to loopback addresses', async () => {
    const { sent, lookups } = await attempt({ baseUrl: `http://jarvis.test:${port}`, address: '127.0.0.1' });
    expect([sent, lookups]).toEqual([3, 0]);
  });

  it.each([
    ['http://example.org', undefined],
    ['http://10.0.0.1', undefined],
    ['http://[2606:2800:220:1::1]', undefined],
    ['http://localhost.example.org', undefined],
    ['http://127.0.0.1.example.org', undefined],
    ['http://jarvis.test', '10.0.0.1'],
    ['http://jarvis.test', '169.254.169.254'],
    ['http://127.0.0.1', '10.0.0.1'],
  ])('%s (connected to %s) is refused before any lookup or request', async (baseUrl, address) => {
    const { error, lookups, sent } = await attempt({
      baseUrl,
      answers: ['127.0.0.1'],
      ...(address === undefined ? {} : { address }),
    });
    expect(error).toMatchObject({ name: 'EngineError', code: 'target-not-allowed' });
    expect([lookups, sent]).toEqual([0, 0]);
  });

  it.each([
    [['10.0.0.1'], 'not loopback'],
    [['127.0.0.1', '10.0.0.1'], 'not loopback'],
    [['169.254.169.254'], 'never loaded'],
    [['::1', 'fe80::1'], 'never loaded'],
  ])('localhost that resolves to %j is refused: %s', async (answers, why) => {
    const { error, sent } = await attempt({ baseUrl: `http://localhost:${port}`, answers });
    expect(error?.message).toContain(why);
    expect(error).toBeInstanceOf(EngineError);
    expect(sent).toBe(0);
  });

  it('the error says how to allow a host', async () => {
    const { error } = await attempt({ baseUrl: 'https://staging.example.org' });
    expect(error?.message).toContain("allow: [{ host: 'staging.example.org'");
  });

  it('a name that resolves to another address during the run gets no more connections', async () => {
    let asked = 0;
    const before = seen;
    const result = await runLoad({
      baseUrl: `http://localhost:${port}`,
      scenarios: [scenario],
      warmUp: false,
      resolve: () => Promise.resolve([asked++ === 0 ? '127.0.0.1' : '10.0.0.1']),
    });
    expect(seen - before).toBe(0);
    expect(result.errors.map(({ code }) => code)).toEqual(['target-not-allowed']);
  });

  it('a name that does not resolve gives a result, not a refusal', async () => {
    const { error, result } = await attempt({ baseUrl: `http://localhost:${port}` });
    expect(error).toBeUndefined();
    expect(result).toMatchObject({ totals: { outcomes: { connection_error: 3 } } });
  });

  it('is not checked with a transport of the caller', async () => {
    const clock = new VirtualClock();
    const result = await clock.until(
      runLoad({
        baseUrl: 'http://staging.example.org',
        scenarios: [scenario],
        clock,
        transport: new ScriptedTarget(clock, () => ({ afterMs: 1 })),
      }),
    );
    expect(result.totals.requests).toBe(3);
  });
});

describe('`allow`', () => {
  const baseUrl = (): string => `http://staging.test:${port}`;

  it('names the host that is loaded: its addresses are checked and connected to', async () => {
    const { error, sent, lookups } = await attempt({
      baseUrl: baseUrl(),
      allow: [{ host: 'STAGING.test', port }],
      answers: ['127.0.0.1'],
    });
    expect(error).toBeUndefined();
    expect(sent).toBe(3);
    expect(lookups).toBeGreaterThan(0);
  });

  it.each([[[{ host: 'other.test' }]], [[{ host: 'staging.test', port: 1 }]], [[{ host: 'test' }]], [[]]])(
    '%j does not cover another host, or another port',
    async (allow) => {
      const { error, lookups } = await attempt({ baseUrl: baseUrl(), allow, answers: ['127.0.0.1'] });
      expect(error).toMatchObject({ code: 'target-not-allowed' });
      expect(lookups).toBe(0);
    },
  );

  it.each([['169.254.169.254'], ['fd00:ec2::254'], ['0.0.0.0'], ['::ffff:169.254.169.254'], ['224.0.0.1']])(
    'never reaches %s, by name or by address',
    async (address) => {
      const byName = await attempt({
        baseUrl: baseUrl(),
        allow: [{ host: 'staging.test' }],
        answers: ['127.0.0.1', address],
      });
      expect(byName.error).toMatchObject({ code: 'target-not-allowed' });
      const host = address.includes(':') ? `[${address}]` : address;
      const byAddress = await attempt({ baseUrl: `http://${host}:${port}`, allow: [{ host }] });
      expect(byAddress.error).toMatchObject({ code: 'target-not-allowed' });
      expect(byName.sent + byAddress.sent).toBe(0);
    },
  );

  const rate = { kind: 'constant-arrival-rate', rate: 10, duration: '2s' } as const;
  it.each<[object, Partial<ScenarioDefinition>, RegExp]>([
    [{ maxUsers: 2 }, {}, /plans 3 users, but allow permits at most 2/],
    [{ maxRate: 5 }, {}, /plans up to 6 requests\/s, but allow permits at most 5/],
    [{ maxRate: 19 }, { executor: rate }, /up to 20 requests\/s/],
    [{ maxDuration: '1s' }, { executor: rate }, /plans 2s of load, but allow permits at most 1s/],
    [
      { maxRate: 1e6 },
      { demand: undefined } as object,
      /nothing bounds those of scenario asks: it needs demand/,
    ],
  ])('%j refuses a plan above it', async (ceilings, changes, message) => {
    const { error, sent } = await attempt({
      baseUrl: baseUrl(),
      scenarios: [{ ...scenario, ...changes }],
      allow: [{ host: 'staging.test', ...ceilings }],
      answers: ['127.0.0.1'],
    });
    expect(error).toMatchObject({ code: 'target-not-allowed' });
    expect(error?.message).toMatch(message);
    expect(sent).toBe(0);
  });

  it('keeps `setUsers` below its ceiling, too', async () => {
    const run = startLoad({
      baseUrl: baseUrl(),
      scenarios: [{ ...scenario, executor: { kind: 'constant-vus', vus: 1, duration: '10s' } }],
      warmUp: false,
      allow: [{ host: 'staging.test', maxUsers: 2 }],
      resolve: () => Promise.resolve(['127.0.0.1']),
    });
    expect(() => run.setUsers('asks', 3)).toThrow(/3 users of scenario "asks" would make 3 in all/);
    expect(() => run.setUsers('asks', 2)).not.toThrow();
    run.abort('enough');
    await run.result;
  });

  it.each<[unknown, RegExp]>([
    ['staging.test', /allow is 'staging\.test'; expected a list/],
    [['staging.test'], /allow\[0\] is 'staging\.test'/],
    [[{}], /allow\[0\]\.host is missing/],
    [[{ host: '' }], /allow\[0\]\.host/],
    [[{ host: 'http://staging.test' }], /allow\[0\]\.host/],
    [[{ host: 'staging.test:80' }], /allow\[0\]\.host/],
    [[{ host: 'staging.test/v1' }], /allow\[0\]\.host/],
    [[{ host: 'a.test', port: 0 }], /allow\[0\]\.port is 0/],
    [[{ host: 'a.test' }, { host: 'a.test', maxUsers: 1.5 }], /allow\[1\]\.maxUsers is 1\.5/],
    [[{ host: 'a.test', maxRate: Number.NaN }], /allow\[0\]\.maxRate is NaN/],
    [[{ host: 'a.test', maxDuration: 'soon' }], /allow\[0\]\.maxDuration is 'soon'/],
    [[{ host: 'a.test', maxUser: 1 }], /allow\[0\]\.maxUser'\. Did you mean 'maxUsers'/],
  ])('%j is refused by name', async (allow, message) => {
    const { error } = await attempt({ allow: allow as never });
    expect(error).toMatchObject({ code: 'invalid-option' });
    expect(error?.message).toMatch(message);
  });
});

describe('a client for probes keeps the same rules', () => {
  const ask = { operation: 'ask', path: '/ask' };
  it('and refuses at once, or with its first request', async () => {
    expect(() => openClient({ baseUrl: 'http://example.org', operations })).toThrow(/may not be loaded/);
    expect(() => openClient({ baseUrl: 'http://169.254.169.254', operations })).toThrow(/never loaded/);
    const elsewhere = openClient({
      baseUrl: `http://localhost:${port}`,
      operations,
      resolve: () => Promise.resolve(['10.0.0.1']),
    });
    await expect(elsewhere.request(ask)).rejects.toMatchObject({ code: 'target-not-allowed' });
    await elsewhere.close();
    const allowed = openClient({
      baseUrl: `http://staging.test:${port}`,
      operations,
      allow: [{ host: 'staging.test' }],
      resolve: () => Promise.resolve(['127.0.0.1']),
    });
    expect((await allowed.request(ask)).status).toBe(200);
    await allowed.close();
  });
});
