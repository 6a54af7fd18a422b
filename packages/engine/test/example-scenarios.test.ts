import { afterAll, beforeAll, expect, it } from 'vitest';
// The examples import the built engine.
import { runLoad, type RunResult, type ScenarioDefinition } from '../dist/index.js';
import chatCompletions from '../../../examples/scenarios/chat-completions.ts';
import graphql from '../../../examples/scenarios/graphql.ts';
import shop from '../../../examples/scenarios/shop.ts';
import site from '../../../examples/scenarios/site.ts';
import tenants from '../../../examples/scenarios/tenants.ts';
import transcription from '../../../examples/scenarios/transcription.ts';
import { serveExamples, type ExamplesServer } from './fixtures/examples-server.ts';

let server: ExamplesServer;
beforeAll(async () => void (server = await serveExamples()));
afterAll(() => server.close());

function load<Shared, State>(
  definition: ScenarioDefinition<Shared, State>,
  iterations: number,
): Promise<RunResult> {
  const executor = { kind: 'per-vu-iterations', vus: 1, iterations } as const;
  return runLoad({ baseUrl: server.url, warmUp: false, scenarios: [{ ...definition, executor }] });
}

it('the scenarios of examples/scenarios do what they say, without a failed request', async () => {
  const results = await Promise.all([
    load(shop, 1),
    load(graphql, 1),
    load(transcription, 1),
    load(site, 1),
    load(tenants, 5),
    load(chatCompletions({ model: 'm', prompt: 'p' }), 2),
  ]);
  expect(
    results.map(({ scenarios, totals, iterations, exceptions }) => [
      scenarios.at(0)?.name,
      totals.requests,
      totals.failed,
      iterations.failed,
      exceptions.length,
    ]),
  ).toEqual([
    ['shop', 4, 0, 0, 0],
    ['graphql', 2, 0, 0, 0],
    ['transcription', 1, 0, 0, 0],
    ['site', 7, 0, 0, 0],
    ['tenants', 5, 0, 0, 0],
    ['chat', 2, 0, 0, 0],
  ]);
  expect(results.at(5)?.totals.streams).toMatchObject({
    streams: 2,
    parts: 4,
    tokens: 6,
    tokensFrom: 'usage',
    goodput: { planned: 2 },
  });
  expect(results.at(3)?.checks.map(({ name, fails }) => [name, fails])).toEqual([['has a title', 0]]);
  expect(server.seen.filter((line) => line.startsWith('GET /assets/'))).toHaveLength(6);
  expect(server.seen.filter((line) => line === 'GET /tenants/acme/reports?region=eu')).toHaveLength(4);
});
