import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { k6 } from './support/run-in-k6.ts';
import { runScript } from './support/run-script.ts';

const IMPORTS = `import http from 'k6/http';
import exec from 'k6/execution';
import { check, group } from 'k6';
import { Counter, Gauge, Rate, Trend } from 'k6/metrics';
`;
/** Forty short iterations of two users. */
const LOAD = `scenarios: { shop: { executor: 'shared-iterations', vus: 2, iterations: 40 } }`;

interface Case {
  readonly thresholds: string;
  readonly init?: string;
  readonly body: string;
}

/** Scripts for which k6 exits with 99. `url` is the address of a server that answers 200 after a few milliseconds. */
const FAILING: Readonly<Record<string, Case>> = {
  'a metric': { thresholds: `{ http_req_duration: ['p(95)<0.001'] }`, body: 'http.get(url);' },
  'a tag': {
    thresholds: `{ 'http_req_duration{kind:buy}': ['p(95)<0.001'], http_req_failed: ['rate<0.1'] }`,
    body: `http.get(url, { tags: { kind: 'buy' } });`,
  },
  'the selection that k6 always keeps': {
    thresholds: `{ 'http_req_duration{expected_response:true}': ['max<0.001'] }`,
    body: 'http.get(url);',
  },
  'a scenario': { thresholds: `{ 'iterations{scenario:shop}': ['count>1000'] }`, body: '' },
  'a group with spaces': {
    thresholds: `{ 'group_duration{group:::setup the cart}': ['max<0.000001'] }`,
    body: `group('setup the cart', () => http.get(url));`,
  },
  'a check of several': {
    thresholds: `{ 'checks{check:is green}': ['rate>0.9'] }`,
    body: `check(1, { 'is green': () => false, 'is there': () => true });`,
  },
  abortOnFail: {
    thresholds: `{ good: [{ threshold: 'rate>0.9', abortOnFail: true, delayAbortEval: '1s' }] }`,
    init: `const good = new Rate('good');`,
    body: 'good.add(false);',
  },
  'a trend below zero': {
    thresholds: `{ drift: ['avg>0'] }`,
    init: `const drift = new Trend('drift');`,
    body: 'drift.add(-5); drift.add(1);',
  },
  'a gauge': {
    thresholds: `{ level: ['value>100'] }`,
    init: `const level = new Gauge('level');`,
    body: 'level.add(3);',
  },
  'a counter that nobody added to, beside requests': {
    thresholds: `{ sold: ['count>0'] }`,
    init: `const sold = new Counter('sold');`,
    body: 'http.get(url);',
  },
  'a counter that nobody added to, without requests': {
    thresholds: `{ sold: ['count>0'], iterations: ['count>1'] }`,
    init: `const sold = new Counter('sold');`,
    body: '',
  },
  'a percentile between two samples, without requests': {
    thresholds: `{ waited: ['p(95)<1000'] }`,
    init: `const waited = new Trend('waited');`,
    body: 'waited.add(exec.scenario.iterationInTest < 2 ? 5000 : 900);',
  },
};

const server = createServer((_, response) => setTimeout(() => response.end('ok'), 2));
let url = '';

function scriptOf({ thresholds, init = '', body }: Case, options = LOAD): string {
  return `${IMPORTS}const url = '${url}';\n${init}
export const options = { ${options}, thresholds: ${thresholds} };
export default function () { ${body} }
`;
}

describe.skipIf(k6 === undefined)("k6's own verdict, over runs of the real k6", () => {
  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => void server.close());

  it.each(Object.keys(FAILING))(
    'a threshold on %s that k6 ended with 99 for is a pass in no way of reading its output',
    async (name) => {
      const run = await runScript(scriptOf(FAILING[name]!));
      expect(run.exitCode, run.log).toBe(99);
      const readings = {
        'samples alone': await run.result(),
        'with the summary': await run.result({ summary: run.summary }),
        'with the exit code': await run.result({ exitCode: run.exitCode }),
      };
      for (const [reading, { verdict }] of Object.entries(readings)) {
        expect(verdict.status, `${reading}: ${JSON.stringify(verdict.reasons)}`).not.toBe('pass');
      }
      expect(readings['with the summary'].verdict.status).toBe('fail');
      expect(readings['with the exit code'].verdict.status).toBe('fail');
    },
    60_000,
  );

  it('the machine-readable summary has no outcome of thresholds: the document says so, and is no pass', async () => {
    const run = await runScript(scriptOf(FAILING['a tag']!), {
      arguments: ['--new-machine-readable-summary'],
    });
    expect(run.exitCode).toBe(99);
    const result = await run.result({ summary: run.summary });
    expect(result.verdict.status).toBe('not-valid');
    expect(result.notes.find(({ code }) => code === 'k6-summary-without-thresholds')?.level).toBe('warning');
    // The values are the same as in the other format.
    const { summary } = result.extensions!['k6'] as { summary: Record<string, Record<string, number>> };
    expect(summary['http_reqs']?.['count']).toBe(40);
    expect(summary['http_req_failed']).toMatchObject({ passes: 0, fails: 40, rate: 0 });
    expect(summary['http_req_duration']?.['p(95)']).toBeGreaterThan(0);
    expect(JSON.stringify(result)).not.toContain('export default');
  }, 60_000);

  it('a run that k6 passed is a pass with its summary, and with its exit code', async () => {
    const run = await runScript(
      scriptOf(
        {
          thresholds: `{ 'http_req_duration{kind:buy}': ['p(95)<60000'], http_req_failed: ['rate<0.1'], dropped_iterations: ['count<1'] }`,
          body: `http.get(url, { tags: { kind: 'buy' } });`,
        },
        `scenarios: { shop: { executor: 'shared-iterations', vus: 2, iterations: 120 } }`,
      ),
    );
    expect(run.exitCode, run.log).toBe(0);
    expect((await run.result({ summary: run.summary })).verdict).toEqual({ status: 'pass', reasons: [] });
    expect((await run.result({ exitCode: 0 })).verdict.status).toBe('pass');
  }, 60_000);

  it('a test that the script marked as failed is no pass, where the exit code is known', async () => {
    const run = await runScript(
      scriptOf({ thresholds: '{}', body: `http.get(url); exec.test.fail('not today');` }),
    );
    expect(run.exitCode, run.log).toBe(110);
    const { verdict } = await run.result({ exitCode: 110 });
    expect(verdict.status).toBe('fail');
    expect(verdict.reasons.map(({ code }) => code)).toContain('k6-marked-failed');
  }, 60_000);
});
