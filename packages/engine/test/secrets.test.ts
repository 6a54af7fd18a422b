import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Type } from '../src/typebox/index.ts';
import { runLoad } from '../src/coordination/load.ts';
import type { ScenarioDefinition, VirtualUser } from '../src/model/scenario.ts';
import { packSnapshot, recordOf } from '../src/replay/serialize-snapshot.ts';
import { Redactor } from '../src/secrets/redactor.ts';
import { secretForms, SHORTEST_SECRET } from '../src/secrets/secret-forms.ts';
import { headerSource, secretValues } from '../src/secrets/secret-values.ts';

const PASSWORD = 'p<a>s "w&rd\' é/\\';
const ISSUED = 'opaque/issued+token==~!';
const KEY = 'key-4711-abc';
const COOKIE = 'session-cookie-value';
const SECRETS = [PASSWORD, ISSUED, KEY, COOKIE, `admin:${PASSWORD}`];

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/**
 * Issues a token for a login, and responds to all other requests with a page that repeats every secret in every form.
 */
async function echo(status: number): Promise<string> {
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      if (request.url === '/login') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ ticket: ISSUED }));
        return;
      }
      const forms = SECRETS.flatMap(secretForms);
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end(
        `<html>${JSON.stringify(request.headers)} ${request.url} ${body} ${forms.join(' | ')}</html>`,
      );
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Logs in, and sends a request with the token. */
async function ask(user: VirtualUser): Promise<string> {
  const login = await user.request({
    operation: 'login',
    path: '/login',
    json: { user: { username: 'admin', password: PASSWORD } },
  });
  const { ticket } = login.json() as { ticket: string };
  const answer = await user.request({
    operation: 'ask',
    path: '/ask',
    headers: { authorization: `Bearer ${ticket}`, cookie: `session=${COOKIE}` },
  });
  return answer.text();
}

const OPERATIONS: ScenarioDefinition['operations'] = [
  { name: 'login', method: 'POST', route: '/login' },
  {
    name: 'ask',
    method: 'POST',
    route: '/ask',
    accepts: (response) => `no answer: ${response.text()}`,
  },
];

async function documentOf(status: number, scenario: Partial<ScenarioDefinition>) {
  return runLoad({
    baseUrl: await echo(status),
    warmUp: false,
    headers: { 'x-api': KEY },
    scenarios: [
      {
        name: 'asks',
        operations: OPERATIONS,
        executor: { kind: 'per-vu-iterations' },
        run: () => Promise.resolve(),
        ...scenario,
      },
    ],
  });
}

function expectNoSecret(document: unknown): void {
  // The strings themselves, without JSON escapes.
  const texts: string[] = [];
  JSON.stringify(document, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  for (const form of SECRETS.flatMap(secretForms))
    expect(texts.filter((text) => text.includes(form))).toEqual([]);
}

it('a body that is held to a schema after the next request shows none of what its own request sent', async () => {
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      // In a text, not in a field of its own: the name does not tell that it is secret.
      response.end(JSON.stringify({ said: `you said ${body}` }));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  const result = await runLoad({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    warmUp: false,
    scenarios: [
      {
        name: 'late',
        operations: [{ name: 'ask', method: 'POST', route: '/ask' }],
        executor: { kind: 'per-vu-iterations' },
        async run(user) {
          const text = 'x'.repeat(1500);
          const first = await user.request({ operation: 'ask', json: { password: 'hunter22-late', text } });
          await user.request({ operation: 'ask', json: { password: 'another-one' } });
          first.json(Type.Object({ id: Type.String() }));
        },
      },
    ],
  });
  expect(result.errors).toHaveLength(1);
  expect(result.errors[0]!.example.body).toContain('you said');
  expect(JSON.stringify(result)).not.toMatch(/hunter22-late|another-one/);
});

describe.each([500, 200])('a target that repeats the request with status %s', (status) => {
  it('leaves no secret in errors', async () => {
    const result = await documentOf(status, { run: async (user) => void (await ask(user)) });
    expect(result.errors).toHaveLength(1);
    expect(result.errors[0]!.example.body).toContain('***');
    expectNoSecret(result);
  });

  it('leaves none in what scenario code throws', async () => {
    const result = await documentOf(status, {
      run: async (user) => {
        throw new Error(`refused: ${await ask(user)}`);
      },
    });
    expect(result.exceptions[0]!.message).toContain('***');
    expect(result.exceptions[0]!.traceback).toContain('***');
    expectNoSecret(result);
  });

  it('leaves none in what onStart and onStop throw', async () => {
    const failed = await documentOf(status, {
      onStart: async (user) => {
        throw new Error(await ask(user));
      },
    });
    expect(failed.exceptions).toHaveLength(1);
    expectNoSecret(failed);
    const left = await documentOf(status, {
      onStop: async (user) => {
        throw new Error(await ask(user));
      },
    });
    expect(left.exceptions).toHaveLength(1);
    expectNoSecret(left);
  });

  it('leaves none in the reason why setup failed', async () => {
    const result = await documentOf(status, {
      setup: async (user) => {
        throw new Error(await ask(user));
      },
    });
    expect(result.run.end.kind).toBe('setup-failed');
    expect(result.run.end.reason).toContain('***');
    expectNoSecret(result);
  });

  it('cuts a long reason after its secrets were removed', async () => {
    const result = await documentOf(status, {
      setup: async (user) => {
        throw new Error(`${'x'.repeat(985)} ${await ask(user)} ${'y'.repeat(5000)}`);
      },
    });
    expect(result.run.end.reason).toMatch(/^x{985} /);
    expect(result.run.end.reason!.length).toBeLessThanOrEqual(1000);
    expectNoSecret(result);
  });

  it('leaves none in the note that teardown failed', async () => {
    const result = await documentOf(status, {
      teardown: async (user) => {
        throw new Error(await ask(user));
      },
    });
    const note = result.notes.find(({ code }) => code === 'teardown-failed');
    expect(note?.text).toContain('***');
    expectNoSecret(result);
  });

  it('leaves none in a rejection that nobody handles', async () => {
    const result = await documentOf(status, {
      run: async (user) => {
        const page = await ask(user);
        void Promise.reject(new Error(page));
        await user.think(0.05);
      },
    });
    expect(result.exceptions[0]!.message).toContain('***');
    expectNoSecret(result);
  });
});

describe('names and tags that scenario code makes of what a target says', () => {
  it('are clean in the document and in the journal', async () => {
    const redactor = new Redactor([ISSUED]);
    const lines: string[] = [];
    const result = await runLoad({
      baseUrl: await echo(200),
      warmUp: false,
      scenarios: [
        {
          name: 'words',
          operations: [{ name: 'ask', method: 'GET', route: '/ask' }],
          requestTags: ['ticket'],
          executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
          run: (user) =>
            user.group(`of ${ISSUED}`, async () => {
              const tags = { ticket: ISSUED };
              const response = await user.request({ operation: 'ask', path: '/ask', tags });
              user.check(response, { [`has ${ISSUED}`]: () => true });
            }),
        },
      ],
      outputs: [
        {
          name: 'lines',
          interval: (snapshot) =>
            void lines.push(packSnapshot(recordOf(snapshot, (value) => redactor.texts(value))).text),
        },
      ],
    });
    const document = JSON.stringify(redactor.result(result));
    for (const text of [document, lines.join('\n')]) {
      expect(text).not.toContain(ISSUED);
      expect(text).toContain('has ***');
      expect(text).toContain('of ***');
      expect(text).toContain('"ticket"');
    }
  });
});

describe('a document', () => {
  it('has no secret in the reasons of its verdict', async () => {
    const ended = await documentOf(200, {
      setup: () => Promise.reject(new Error('refused: opaque-word')),
    });
    expect(JSON.stringify(ended.verdict)).toContain('opaque-word');
    expect(JSON.stringify(new Redactor(['opaque-word']).result(ended))).not.toContain('opaque-word');
  });

  it('keeps paths that are attributes of cookies', async () => {
    const server = createServer((_, response) => {
      response.setHeader('set-cookie', `session=${COOKIE}; Path=/api; SameSite=Strict`);
      response.writeHead(500).end(`Strict ${COOKIE}`);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { errors } = await runLoad({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      warmUp: false,
      scenarios: [
        {
          name: 'cookies',
          operations: [{ name: 'login', method: 'GET', route: '/api/login' }],
          executor: { kind: 'per-vu-iterations' },
          run: async (user) => void (await user.request({ operation: 'login', path: '/api/login' })),
        },
      ],
    });
    expect(errors[0]?.example).toMatchObject({ request: 'GET /api/login', body: 'Strict ***' });
  });
});

describe('values that are removed', () => {
  it('are those of headers, cookies and secret fields, not what HTTP itself sends', () => {
    const headers = {
      host: '127.0.0.1',
      'content-type': 'application/json',
      'x-load-run-id': 'run',
      'x-request-id': 'unique',
      authorization: 'Bearer abcdef',
      cookie: 'a=first; b=second',
      'x-team': 'load-team',
    };
    const sources = Object.entries(headers).flatMap(([name, value]) => headerSource(name, value) ?? []);
    expect(sources.flatMap(secretValues)).toEqual([
      'Bearer abcdef',
      'abcdef',
      'a=first; b=second',
      'first',
      'second',
      'load-team',
    ]);
  });

  it.each([
    ['{"username":"admin","password":"hunter2","tokens_used":"many"}', ['hunter2', 'admin:hunter2']],
    ['{"deep":[{"accessToken":"abcd"}]}', ['abcd']],
    ['grant_type=password&client_secret=s%26t', ['s&t']],
    ['token=first&token=second', ['first', 'second']],
    ['just text', []],
  ])('of the body %s are %j', (text, values) => {
    expect(secretValues({ kind: 'body', text })).toEqual(values);
  });

  it('of basic credentials are the password, too', () => {
    const credentials = Buffer.from('admin:hunter2').toString('base64');
    expect(secretValues({ kind: 'header', text: `Basic ${credentials}` })).toContain('hunter2');
  });

  it('of a query are those with the name of a secret', () => {
    expect(secretValues({ kind: 'path', text: '/a?q=1&api_key=abcd' })).toEqual(['abcd']);
  });

  it(`are at least ${SHORTEST_SECRET} characters long: shorter ones would blank ordinary words`, () => {
    expect(new Redactor(['abc', 'abcd']).text('an abc and an abcd')).toBe('an abc and an ***');
  });

  it.each([
    [['secret', 'secret-and-more'], 'secret-and-more', '***'],
    [['abcdef', 'defghi'], 'x abcdefghi y', 'x *** y'],
    [['abcd'], 'abcdabcd abcd', '****** ***'],
    [['abcd'], 'abc', 'abc'],
  ])('%j leave of "%s" "%s"', (values, text, clean) => {
    expect(new Redactor(values).text(text)).toBe(clean);
  });

  it('leave no half where a text is cut', () => {
    const secret = 'secret'.repeat(20);
    for (let before = 0; before < 700; before += 7) {
      const text = `${'-'.repeat(before)}${`${secret} `.repeat(30)}`;
      expect(new Redactor([secret]).excerpt(text, 100)).not.toContain('secret');
    }
  });
});
