import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { k6 } from './support/run-in-k6.ts';
import { runScript } from './support/run-script.ts';
import { scriptedServer } from './support/scripted-server.ts';

/** A script whose user does what `act` says, bundled as k6 runs it; prints the error. */
async function bundled(baseUrl: string, act: string, more = ''): Promise<string> {
  const source = `
    import { K6User } from './src/k6/k6-user.ts';
    const metrics = { outcomes: { add() {} }, responseTime: { add() {} }, groupDuration: { add() {} }, add: () => true };
    export const options = { iterations: 1, vus: 1 };
    export default async function () {
      const user = new K6User({
        baseUrl: '${baseUrl}', operations: [{ name: 'ask', method: 'GET', route: '/' }], headers: {}, phase: 'run',
        requestTimeoutMs: 5000, metrics, id: 1, random: Math.random, slotsFromMs: 0, users: 1, ...{ ${more} },
      });
      try {
        ${act}
        console.log('no error');
      } catch (error) {
        console.log('told: ' + error.message);
      }
    }`;
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: `${import.meta.dirname}/..`, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['@jarvis-load/source'],
    external: ['k6', 'k6/*'],
  });
  return outputFiles[0]!.text;
}

describe.skipIf(k6 === undefined)('a mistake of scenario code in k6', () => {
  const ANSWER = "const answer = await user.request({ operation: 'ask', path: '/' });";

  it.concurrent.each([
    [
      'an async check',
      `${ANSWER} user.check(answer, { ok: async () => false });`,
      'check "ok" is asynchronous',
    ],
    [
      'a check of a promise',
      "user.check(user.request({ operation: 'ask', path: '/' }), { ok: () => true });",
      'checks a promise',
    ],
    ['no think time', 'await user.think(NaN);', 'thinks for NaN; expected seconds'],
    ['a wait as between(1, 3)', 'await user.think(1, 3);', 'user.think({ min: 1, max: 3 })'],
    [
      'checks with tags of k6',
      "user.check({}, { ok: () => true }, { page: 'cart' });",
      'calls user.check with an argument too many',
    ],
    [
      'a body in place of options',
      "await user.get('/', 'a=1', { headers: {} });",
      'calls user.get with a string as the second argument; expected { query',
    ],
    [
      'a batch of requests that were sent',
      "await user.batch([user.request({ operation: 'ask', path: '/' })]);",
      'batches a promise; expected requests that are not sent yet',
    ],
    ['a range with other names', 'await user.think({ from: 1, to: 2 });', 'expected seconds from 0'],
    [
      'an unknown part of a request',
      "await user.request({ operation: 'ask', path: '/', timeout: 1 });",
      "It is 'timeoutMs' here",
    ],
    [
      'headers that would be lost',
      "await user.request({ operation: 'ask', path: '/', headers: new Map() });",
      'headers that are not a plain object',
    ],
    [
      'a batch with an unknown option',
      "await user.batch(['ask'], { conections: 2 });",
      "makes a batch that has the unknown option 'conections' (did you mean 'connections'?)",
    ],
    ['a fragment', "await user.request({ operation: 'ask', path: '/a#b' });", 'expected no fragment'],
    [
      'a schema in a test that has nothing to judge by it',
      "await user.request({ operation: 'ask', path: '/', answer: { type: 'object' } });",
      'cannot hold an answer to a schema',
    ],
  ])('%s is told as in the native engine', async (_, act, message) => {
    const server = await scriptedServer((_request, response) => void response.end('{}'));
    const run = await runScript(await bundled(server.url, act));
    await server.close();
    expect(run.log).toContain(`told: `);
    expect(run.log.replaceAll('\\"', '"')).toContain(message);
  });

  it('redirects are followed to the target and to bases alone, without the headers of the target', async () => {
    const heard: string[] = [];
    const auth = await scriptedServer((request, response) => {
      heard.push(`${request.method} ${request.url} ${request.headers.authorization ?? 'no token'}`);
      response.writeHead(302, { location: 'http://127.0.0.1:9/stolen' }).end();
    });
    const server = await scriptedServer((request, response) => {
      if (request.url === '/') response.writeHead(303, { location: 'next?page=2' }).end();
      else response.writeHead(307, { location: `${auth.url}/login#top` }).end();
    });
    const act = `
      const answer = await user.request({
        operation: 'ask', path: '/', redirects: true, headers: { authorization: 'Bearer mine' },
      });
      console.log('ended: ' + answer.outcome + ' ' + answer.error.message);
      const most = await user.request({ operation: 'ask', path: '/', redirects: { most: 1 } });
      console.log('ended: ' + most.error.message);
      const one = await user.request({ operation: 'ask', path: '/', base: 'auth' });
      console.log('ended: ' + one.status);
      await user.request({ operation: 'ask', path: '/', base: 'mail' });`;
    const run = await runScript(await bundled(server.url, act, `bases: { auth: '${auth.url}' },`));
    await Promise.all([server.close(), auth.close()]);
    expect(server.requests).toEqual(['GET /', 'GET /next?page=2', 'GET /', 'GET /next?page=2']);
    expect(heard).toEqual(['GET /login no token', 'GET / no token']);
    const log = run.log.replaceAll('\\"', '"');
    expect(log).toContain('ended: invalid_body redirects to http://127.0.0.1:9, which is neither the target');
    expect(log).toContain('ended: redirects more than 1 times');
    expect(log).toContain('ended: 302');
    expect(log).toContain(`has base "mail"; expected one of the scenario's bases: auth`);
  });

  it('a header of a request replaces that of the run, whatever their case', async () => {
    const heard: string[][] = [];
    const server = await scriptedServer(({ rawHeaders }, response) => {
      const at = rawHeaders.flatMap((text, index) => (index % 2 === 0 ? [[text.toLowerCase(), index]] : []));
      heard.push(
        at.flatMap(([name, index]) => (name === 'x-token' ? [rawHeaders[Number(index) + 1] ?? ''] : [])),
      );
      response.end('{}');
    });
    const act = `
      await user.request({ operation: 'ask', path: '/', headers: { 'X-TOKEN': 'own' } });
      await user.request({ operation: 'ask', path: '/', headers: { 'x-token': undefined } });`;
    await runScript(await bundled(server.url, act, "headers: { 'X-Token': 'common' },"));
    await server.close();
    expect(heard).toEqual([['own'], ['common']]);
  });

  it('`expect` judges the last answer of a request that follows redirects', async () => {
    const server = await scriptedServer((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/home' }).end();
      else response.end('{}');
    });
    const act = `
      for (const expect of [[200], [302]]) {
        const answer = await user.request({ operation: 'ask', path: '/', redirects: true, expect });
        console.log('ended: ' + answer.status + ' ' + answer.outcome);
      }`;
    const { log } = await runScript(await bundled(server.url, act));
    await server.close();
    expect(log).toContain('ended: 200 ok');
    expect(log).toContain('ended: 200 invalid_body');
  });

  it('an error inside an answer of status 200 is one, by the same function as natively', async () => {
    const server = await scriptedServer((_, response) => void response.end('{"state":"CRITICAL"}'));
    const script = await bundled(
      server.url,
      "const answer = await user.request({ operation: 'ask', path: '/' }); console.log('ended: ' + answer.outcome + ' ' + answer.error.message);",
      "operations: [{ name: 'ask', method: 'GET', route: '/', inBandError: (answer) => answer.json().state, accepts: () => 'not asked' }],",
    );
    const { log } = await runScript(script);
    await server.close();
    expect(log).toContain('ended: failed_in_band CRITICAL');
  });

  it.each([
    ['at once', 'answer.json({});', 'counted invalid_body as wrong'],
    ['after an answer that came with it', 'answers[0].json({});', 'counted invalid_body as wrong'],
    ['after a think time', 'await user.think(0.001); answer.json({});', 'counted ok'],
    ['never', '', 'counted ok'],
  ])('an answer that is held to a schema %s counts once', async (_, act, counted) => {
    const server = await scriptedServer((_request, response) => void response.end('{}'));
    const script = await bundled(
      server.url,
      `const answers = await user.batch(['ask', 'ask']); const answer = answers[1]; ${act} await user.endIteration();`,
      `judgeAnswer: () => ({ reason: 'wrong' }), metrics: {
        responseTime: { add() {} },
        outcomes: { add: (_, { outcome, reason }) => console.log('counted ' + outcome + (reason ? ' as ' + reason : '')) },
      },`,
    );
    const { log } = await runScript(script);
    await server.close();
    expect(log.match(/counted/g)).toHaveLength(2);
    expect(log).toContain(counted);
    expect(log).toContain('no error');
  });

  it.each([
    ['null, which is no error', 'inBandError: () => null', 'ended: ok'],
    ['an object', 'inBandError: () => ({ code: 5 })', 'cannot be judged: its inBandError returned an object'],
    ['a promise', 'accepts: async () => undefined', 'cannot be judged: its accepts returned a promise'],
    ['an error that it throws', 'accepts: () => { throw new Error("x"); }', 'ended: invalid_body'],
  ])('an answer that is judged with %s is one as natively', async (_, judge, message) => {
    const server = await scriptedServer((_request, response) => void response.end('{}'));
    const script = await bundled(
      server.url,
      "const answer = await user.request({ operation: 'ask', path: '/' }); console.log('ended: ' + answer.outcome);",
      `operations: [{ name: 'ask', method: 'GET', route: '/', ${judge} }],`,
    );
    const { log } = await runScript(script);
    await server.close();
    expect(log).toContain(message);
  });

  it('a path beyond ASCII is sent as percent-encoded UTF-8', async () => {
    const server = await scriptedServer((_request, response) => void response.end('{}'));
    const run = await runScript(
      await bundled(server.url, "await user.request({ operation: 'ask', path: '/é' });"),
    );
    await server.close();
    expect(run.log).toContain('no error');
    expect(server.requests).toEqual(['GET /%C3%A9']);
  });
});
