import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
// The examples import the built engine.
import { runLoad, type RunResult, type ScenarioDefinition } from '../dist/index.js';
import chatCompletions from '../../../examples/scenarios/chat-completions.ts';
import graphql from '../../../examples/scenarios/graphql.ts';
import shop from '../../../examples/scenarios/shop.ts';
import site from '../../../examples/scenarios/site.ts';
import tenants from '../../../examples/scenarios/tenants.ts';
import transcription from '../../../examples/scenarios/transcription.ts';
import { serveHttp, type Loopback } from './fixtures/loopback.ts';

/** A role, two parts of three tokens, usage: as an OpenAI-style server sends them. */
const CHAT = [
  '{"choices":[{"delta":{"role":"assistant","content":""}}],"usage":null}',
  '{"choices":[{"delta":{"content":"Sunny"}}],"usage":null}',
  '{"choices":[{"delta":{"content":" and dry"}}],"usage":null}',
  '{"choices":[],"usage":{"completion_tokens":3}}',
  '[DONE]',
];

const seen: string[] = [];
let server: Loopback;

/** Status, body and headers by the start of the request line. */
function answer(line: string, body: string, headers: Readonly<Record<string, unknown>>) {
  if (line === 'POST /login') return /^name=(ada|grace|linus)&password=/.test(body) ? { token: 't1' } : 401;
  if (line.startsWith('GET /search?q=tea+%26+cups'))
    return headers['authorization'] === 'Bearer t1' ? { items: [{ id: 7 }] } : 401;
  if (line === 'POST /orders') return body === '{"item":7}' ? [201, { id: 'o-1' }] : 400;
  if (line === 'POST /orders/o-1/receipts') return body.includes('filename="receipt.csv"') ? {} : 400;
  if (line === 'POST /graphql') {
    return body.includes('Books')
      ? { data: { books: [{ title: 'Emma', author: { id: 'a1' } }] } }
      : { data: { author: { name: 'Austen' } } };
  }
  if (line === 'POST /v1/audio/transcriptions')
    return body.includes('whisper-1') && body.includes('RIFF') ? { text: 'hello' } : 400;
  if (line.startsWith('POST /tenants/')) return headers['x-api-key'] === 'key-a' ? [201, {}] : 403;
  return {};
}

beforeAll(async () => {
  server = await serveHttp((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const line = `${request.method} ${request.url}`;
      seen.push(line);
      if (line === 'GET /') {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync('<title>Home</title>'));
        return;
      }
      if (line === 'POST /v1/chat/completions') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(CHAT.map((event) => `data: ${event}\n\n`).join(''));
        return;
      }
      const made = answer(line, Buffer.concat(chunks).toString('latin1'), request.headers);
      const [status, body] = Array.isArray(made) ? made : typeof made === 'number' ? [made, {}] : [200, made];
      response.writeHead(Number(status)).end(JSON.stringify(body));
    });
  });
});
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
  expect(seen.filter((line) => line.startsWith('GET /assets/'))).toHaveLength(6);
  expect(seen.filter((line) => line === 'GET /tenants/acme/reports?region=eu')).toHaveLength(4);
});
