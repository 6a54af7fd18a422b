import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { runLoad, type RunResult } from '@jarvis-load/engine';
import {
  openapiDocument,
  readCurl,
  readHar,
  readOpenapi,
  readPostman,
  writeTest,
  type Imported,
  type WrittenTest,
} from '@jarvis-load/import';
import { startMock } from '@jarvis-load/mock-jarvis';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers/require-peer.ts';
import { chooseTests } from '../src/run/choose-tests.ts';
import { createScenarios } from '../src/suites/suites.ts';
import { Workspace } from './support/cli.ts';
import { postmanCollection } from './support/postman-collection.ts';
import { startEcho, startShop, type ShopServer } from './support/shop-server.ts';
import { CONTEXT } from './support/create-context.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const workspace = new Workspace();
const require = createRequire(import.meta.url);
const path = requirePeer('chromium');

let echo: ShopServer;
let shop: ShopServer;
/** Requests of the echo: line, headers and body. */
const sent: {
  readonly line: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}[] = [];
beforeAll(async () => {
  echo = await startEcho(({ method, url, headers }, body) =>
    sent.push({ line: `${method} ${url}`, headers, body }),
  );
  shop = await startShop(echo.url);
  symlinkSync(join(ROOT, 'node_modules'), join(workspace.directory, 'node_modules'));
  writeFileSync(join(workspace.directory, 'cup.jpg'), 'a picture');
});
afterAll(async () => {
  await Promise.all([echo.close(), shop.close()]);
  workspace.remove();
});

/** Writes the test file. */
function write(name: string, imported: Imported): WrittenTest {
  const written = writeTest(imported, { from: name, locate: (file) => `./${file}` });
  writeFileSync(join(workspace.directory, name), written.source);
  return written;
}

/** One iteration of each scenario of a file, as `--once` makes it. */
async function once(name: string, baseUrl: string, cookies = false): Promise<RunResult> {
  const { suite } = await chooseTests({}, workspace.directory, name);
  const scenarios = createScenarios(
    suite,
    suite.scenarios.map((each) => each.name),
    CONTEXT,
  );
  const executor = { kind: 'per-vu-iterations', vus: 1, iterations: 1 } as const;
  return runLoad({
    baseUrl,
    cookies,
    warmUp: false,
    scenarios: scenarios.map((each) => ({ ...each, executor })),
  });
}

function figures({ totals, iterations, exceptions }: RunResult) {
  return {
    requests: totals.requests,
    failed: totals.failed,
    iterationsFailed: iterations.failed,
    exceptions: exceptions.map(({ message }) => message),
  };
}

it(
  'OpenAPI documents of others, and the one of the mock, become tests that run',
  { timeout: 120_000 },
  async () => {
    const mock = await startMock({ preset: 'fast' });
    const examples = '@readme/oas-examples';
    const documents = [
      require.resolve(`${examples}/2.0/yaml/petstore.yaml`),
      require.resolve(`${examples}/3.0/json/star-trek.json`),
      require.resolve(`${examples}/3.1/json/train-travel.json`),
      join(ROOT, 'node_modules', '@ideal-postcodes', 'openapi', 'dist', 'openapi.json'),
    ];
    for (const file of documents) {
      const name = basename(file).replace(/\.\w+$/, '.ts');
      const document = await openapiDocument(readFileSync(file, 'utf8'), file, file);
      const { requests } = write(name, readOpenapi(document, file));
      expect(requests).toBeGreaterThan(5);
      expect({ name, ...figures(await once(name, echo.url)) }).toEqual({
        name,
        requests,
        failed: 0,
        iterationsFailed: 0,
        exceptions: [],
      });
    }
    const own = await openapiDocument(
      await (await fetch(`${mock.url}/openapi.json`)).text(),
      'mock',
      undefined,
    );
    const written = write('mock.ts', readOpenapi(own, 'mock'));
    const ran = await once('mock.ts', mock.url);
    await mock.close();
    // Without a token most are refused; each is sent, and the code itself is right.
    expect(figures(ran)).toMatchObject({ requests: written.requests, iterationsFailed: 0, exceptions: [] });
    expect(sent.find(({ line }) => line === 'POST /v2/pet')?.body).toContain('"name":"doggie"');
    expect(
      sent.find(({ line }) => line.startsWith('POST /v2/pet/1/uploadImage'))?.headers['content-type'],
    ).toMatch(/^multipart\/form-data; boundary=/);
  },
);

it('ids in paths are those that a POST of the same OpenAPI document answers', async () => {
  const schema = { type: 'object', properties: { id: { type: 'integer' } } };
  const json = (status: number) => ({
    responses: { [status]: { description: '', content: { 'application/json': { schema } } } },
  });
  const orderId = { name: 'orderId', in: 'path', required: true, schema: { type: 'integer', example: 3 } };
  const code = { name: 'code', in: 'path', required: true, schema: { type: 'integer' } };
  const links = { Ticket: { operationId: 'ticket', parameters: { code: '$response.body#/id' } } };
  const document = {
    openapi: '3.0.0',
    paths: {
      '/orders/{orderId}': { parameters: [orderId], get: json(200), delete: json(200), put: json(200) },
      '/tickets/{code}': { parameters: [code], get: { operationId: 'ticket', ...json(200) } },
      '/orders': { post: { responses: { 201: { ...json(201).responses[201], links } } } },
      '/others/{orderId}': { parameters: [orderId], get: json(200) },
    },
  };
  const read = readOpenapi(await openapiDocument(JSON.stringify(document), 'shop', undefined), 'shop');
  write('linked.ts', read);
  const answering = await startEcho(() => undefined, { id: 41 });
  expect(figures(await once('linked.ts', answering.url))).toMatchObject({ requests: 6, failed: 0 });
  expect(answering.seen).toEqual([
    'POST /orders 200',
    'GET /orders/41 200',
    'PUT /orders/41 200',
    'GET /tickets/41 200',
    'GET /others/3 200',
    'DELETE /orders/41 200',
  ]);
  await answering.close();
  // The value of the document, where the answer has no id.
  echo.seen.length = 0;
  expect(figures(await once('linked.ts', echo.url))).toMatchObject({ requests: 6, failed: 0 });
  expect(echo.seen).toContain('GET /orders/3 200');
});

it.skipIf(path === undefined)(
  'recordings of Chromium become tests that run against new tokens and ids',
  { timeout: 120_000 },
  async () => {
    const browser = await chromium.launch({
      executablePath: path!,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic'],
    });
    const record = async (name: string, visit: (page: Page) => Promise<void>): Promise<Imported> => {
      const har = join(workspace.directory, name);
      const context = await browser.newContext({ recordHar: { path: har } });
      const page = await context.newPage();
      await visit(page);
      await page.waitForFunction("document.title === 'done'");
      await context.close();
      return readHar(readFileSync(har, 'utf8'), name, {});
    };
    const session = await record('session.har', async (page) => void (await page.goto(shop.url)));
    const forms = await record('forms.har', async (page) => {
      await page.goto(`${shop.url}/form`);
      await page.click('button');
    });
    await browser.close();

    expect(session.leftOut.map(({ reason, what }) => [reason, what])).toEqual([
      ['static asset', expect.arrayContaining(['GET /app.css', 'GET /app.js', 'GET /logo.svg'])],
      [expect.stringContaining('another host'), ['POST /collect']],
    ]);
    const { source, secrets } = write('session.ts', session);
    expect(secrets.map(({ name }) => name)).toEqual(['LOAD_PASSWORD']);
    expect(source).not.toMatch(/analytical|tok-abcdef|ord-1/);
    expect(source).toContain("'GET /api/orders/{orderId}/lines/{lineId}'");
    expect(source).toContain('productId: itemId');
    expect(source).toMatch(/await user\.think\(0\.[3-9]\);|await user\.think\([1-9]/);
    expect(source).toContain('await user.batch([');
    shop.seen.length = 0;
    expect(figures(await once('session.ts', shop.url))).toEqual({
      requests: 7,
      failed: 0,
      iterationsFailed: 0,
      exceptions: [],
    });
    expect(shop.seen.toSorted()).toEqual([
      expect.stringMatching(/^GET \/ 200/),
      expect.stringMatching(/^GET \/api\/me 200/),
      expect.stringMatching(/^GET \/api\/orders\/ord-\d+\/lines\/1 200/),
      'GET /api/products/999 404',
      'GET /api/products?q=tea 200',
      'POST /api/login 200',
      'POST /api/orders 201',
    ]);

    // Chromium hands out no body that has a file.
    expect(forms.notes).toEqual([
      expect.stringContaining('--cookies'),
      expect.stringContaining('POST /upload'),
    ]);
    const written = write('forms.ts', forms);
    expect(written.source).toContain("operation: 'Books'");
    // The hidden field of the form is read from the page.
    expect(written.source).toMatch(/const csrf = \/<input.*\.exec\(page\.text\(\)\)/);
    expect(figures(await once('forms.ts', shop.url, forms.usesCookies))).toEqual({
      requests: written.requests,
      failed: 0,
      iterationsFailed: 0,
      exceptions: [],
    });
    expect(written.requests).toBe(7);
  },
);

/** As people paste them; PORT stands for that of the server. */
const CURL_LINES = readFileSync(join(import.meta.dirname, 'support', 'curl-lines.txt'), 'utf8').split('\n\n');

it('curl lines as people paste them become requests that are sent the same way', async () => {
  const port = new URL(echo.url).port;
  const imported = readCurl(CURL_LINES.map((line) => line.replaceAll('PORT', port)));
  const { source, secrets, files } = write('curl.ts', imported);
  expect(source).not.toMatch(/s3cret|lovelace|eyJ|k-1|bG92ZWxhY2U/);
  expect(secrets.map(({ name }) => name)).toEqual([
    'LOAD_TOKEN',
    'LOAD_PASSWORD',
    'LOAD_BASIC_CREDENTIALS',
    'LOAD_COOKIE',
    'LOAD_X_API_KEY',
  ]);
  expect(files).toEqual(['cup.jpg']);
  sent.length = 0;
  // The first origin is the target, another one a base.
  expect(figures(await once('curl.ts', echo.url))).toEqual({
    requests: 12,
    failed: 0,
    iterationsFailed: 0,
    exceptions: [],
  });
  const of = (line: string) => sent.find((each) => each.line === line);
  expect(of('POST /api/cart')?.body).toBe(JSON.stringify({ note: "it's é \n `tick` ${x}" }));
  expect(of('POST /api/cart')?.headers).toMatchObject({
    'accept-language': 'de-DE,de;q=0.9',
    'accept-encoding': 'gzip, deflate, br',
  });
  expect(of('POST /login')?.body).toBe('user=ada&password=not-set&x=1');
  expect(of('PUT /orders/7')?.body).toBe('{"quantity":2}');
  expect(of('POST /photos')?.body).toMatch(
    /name="photo"; filename="cup\.jpg"[\s\S]*a picture[\s\S]*a; b[\s\S]*\{"a":1\}/,
  );
  expect(of('GET /search?q=tea+%26+cups&page=2')?.headers['authorization']).toBe('Basic not-set');
  expect(of('GET /find?q=tea+%26+cups&page=2')).toBeDefined();
  expect(of('POST /v1/chat/completions')?.headers).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
  });
  expect(of('HEAD /health')).toBeDefined();
  expect(of('PUT /files/cup%20of%20tea.jpg')).toMatchObject({
    body: 'a picture',
    headers: { 'content-type': 'image/jpeg' },
  });
  expect(of('DELETE /orders/3fa85f64-5717-4562-b3fc-2c963f66afa6')?.headers['x-api-key']).toBe('not-set');
  expect(of('GET /orders')).toBeDefined();
});

it('a collection of Postman becomes a test that runs', async () => {
  const { secrets } = write(
    'postman.ts',
    readPostman(JSON.stringify(postmanCollection(echo.url)), 'shop.json'),
  );
  expect(secrets.map(({ name }) => name)).toEqual(['LOAD_ACCESS_TOKEN', 'LOAD_CUSTOMER']);
  sent.length = 0;
  expect(figures(await once('postman.ts', echo.url))).toEqual({
    requests: 4,
    failed: 0,
    iterationsFailed: 0,
    exceptions: [],
  });
  expect(sent.map(({ line, headers: { authorization } }) => [line, authorization])).toEqual([
    ['GET /orders/7?full=1', 'Bearer not-set'],
    ['POST /orders', 'Bearer not-set'],
    ['POST /photos', 'Bearer not-set'],
    ['PUT /form', undefined],
  ]);
  expect(sent[1]?.body).toBe('{"customer":"not-set","n":1}');
  expect(sent[3]?.body).toBe('a=1');
});

it('text of a hostile document stays text', async () => {
  const evil = `x */ globalThis.pwned = 1; /* \n\u2028 globalThis.pwned = 2; // ' " \` \${globalThis.pwned = 3} \\`;
  const operation = { summary: evil, tags: [evil], responses: {} };
  const schema = {
    type: 'object',
    properties: {
      [evil]: { type: 'string', example: evil },
      ['__proto__']: { type: 'string', example: evil },
    },
  };
  const document = {
    openapi: '3.0.0',
    info: { title: evil, version: '1' },
    servers: [{ url: `http://127.0.0.1/${evil}` }],
    components: { securitySchemes: { [evil]: { type: 'apiKey', in: 'query', name: evil } } },
    paths: {
      [`/a'${evil}/{${evil}}`]: {
        post: {
          ...operation,
          security: [{ [evil]: [] }],
          parameters: [
            { name: evil, in: 'query', required: true, schema: { type: 'string', example: evil } },
            {
              name: 'x-evil',
              in: 'header',
              required: true,
              schema: { type: 'string', example: 'a\r\nb: c' },
            },
          ],
          requestBody: { content: { 'application/json': { schema } } },
        },
        put: { ...operation, requestBody: { content: { 'multipart/form-data': { schema } } } },
        patch: { ...operation, requestBody: { content: { [`text/${evil}`]: { example: evil } } } },
      },
    },
  };
  const read = await openapiDocument(JSON.stringify(document), evil, undefined);
  const { secrets } = write('hostile.ts', readOpenapi(read, evil));
  for (const { name } of secrets) expect(name).toMatch(/^LOAD_[A-Z\d_]+$/);
  sent.length = 0;
  expect(figures(await once('hostile.ts', echo.url))).toMatchObject({ requests: 3, exceptions: [] });
  expect(sent.find(({ line }) => line.startsWith('POST'))?.body).toContain('globalThis.pwned = 3');
  expect(globalThis).not.toHaveProperty('pwned');
});

it('the command writes a file that runs, and overwrites none', { timeout: 120_000 }, async () => {
  const line = `curl '${echo.url}/orders/7' -H 'x-api-key: k-77'`;
  const made = await workspace.run(['import', '--curl', line, '--out', 'shop.ts']);
  expect(made.err).toBe('');
  expect(made.out).toContain('wrote shop.ts: 1 request as 1 operation, 1 scenario');
  expect(made.out).toContain('LOAD_X_API_KEY  header x-api-key');
  expect(made.out).toContain(`npx jarvis-load load ./shop.ts --once --target=${echo.url}`);
  sent.length = 0;
  const [ran, again, both] = await Promise.all([
    workspace.run(['load', './shop.ts', '--once', `--target=${echo.url}`], { LOAD_X_API_KEY: 'k-78' }),
    workspace.run(['import', '--curl', line, '--out=shop.ts']),
    workspace.run(['import', '--curl', line, '--har=a.har', '--out=b.ts']),
  ]);
  // The file makes no checks: those of `--once` do not apply.
  expect([ran.code, ran.out]).toEqual([0, expect.not.stringContaining('no data')]);
  expect(ran.out).toMatch(/1 requests · .* · 0% failed/);
  expect(sent.map((each) => [each.line, each.headers['x-api-key']])).toEqual([['GET /orders/7', 'k-78']]);
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('shop.ts exists already')]);
  expect([both.code, both.err]).toEqual([
    2,
    expect.stringContaining('--har and --curl contradict each other'),
  ]);
});

it('every file that was imported type-checks, strictly', { timeout: 120_000 }, async () => {
  const options = {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
    types: ['node'],
  };
  writeFileSync(join(workspace.directory, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(workspace.directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['*.ts'] }),
  );
  const checked = await promisify(execFile)(join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', '.'], {
    cwd: workspace.directory,
  }).catch((error: unknown) => error as { stdout: string });
  expect(checked.stdout).toBe('');
});
