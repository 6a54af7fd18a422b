import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { runLoad } from '../src/run/load.ts';
import { secretForms, secretsOfRequest, SHORTEST_SECRET, valuesRemoved } from '../src/user/secrets.ts';

describe('a target that repeats the request', () => {
  it.each([500, 200])('with status %s leaves no secret in the document, in any form', async (status) => {
    const password = 'p<a>s "w&rd\' é';
    const secrets = ['key-4711-abc', 'server/issued+token==', 'session-cookie-value', password];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += String(chunk)));
      request.on('end', () => {
        const sent = [
          ...[request.headers['x-api'], request.headers.authorization, request.headers.cookie].map(String),
          (JSON.parse(body) as { password: string }).password,
        ];
        const repeated = sent.flatMap((each) => [
          each,
          ...secretForms(each.replace(/^Bearer /, '')),
          ...secretForms(each.replace(/^session=/, '')),
        ]);
        response.writeHead(status, { 'content-type': 'text/html' });
        response.end(`<html>${'x'.repeat(100)}${repeated.join(' | ')}</html>`);
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const result = await runLoad({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      warmUp: false,
      headers: { 'x-api': secrets[0]! },
      scenarios: [
        {
          name: 'asks',
          operations: [
            {
              name: 'ask',
              method: 'POST',
              route: '/ask',
              accepts: (response) => `no answer: ${response.text().slice(100, 1500)}`,
            },
          ],
          executor: { kind: 'per-vu-iterations' },
          async run(user) {
            await user.request({
              operation: 'ask',
              path: '/ask',
              headers: { authorization: `Bearer ${secrets[1]!}`, cookie: `session=${secrets[2]!}` },
              json: { username: 'admin', password },
            });
          },
        },
      ],
    });
    server.close();
    expect(result.errors).toHaveLength(1);
    const [{ message, example }] = result.errors as [(typeof result.errors)[number]];
    expect(example.body).toContain('[redacted]');
    for (const secret of secrets)
      for (const form of secretForms(secret)) {
        expect(example.body).not.toContain(form);
        expect(example.message).not.toContain(form);
        expect(message).not.toContain(form);
      }
  });
});

describe('values that are removed', () => {
  it('are those of headers, cookies and secret fields, not what HTTP itself sends', () => {
    const headers = {
      host: '127.0.0.1',
      'content-type': 'application/json',
      'x-load-run-id': 'run',
      authorization: 'Bearer abcdef',
      cookie: 'a=first; b=second',
      'x-team': 'load-team',
    };
    expect(
      secretsOfRequest(headers, { username: 'admin', password: 'hunter2', access_token: 'tok' }),
    ).toEqual([
      'Bearer abcdef',
      'abcdef',
      'a=first; b=second',
      'first',
      'second',
      'load-team',
      'hunter2',
      'tok',
    ]);
  });

  it(`are at least ${SHORTEST_SECRET} characters long: shorter ones would blank ordinary words`, () => {
    expect(valuesRemoved('an abc and an abcd', ['abc', 'abcd'])).toBe('an abc and an [redacted]');
  });

  it('leave no rest of a longer secret that holds a shorter one', () => {
    expect(valuesRemoved('secret-and-more', ['secret', 'secret-and-more'])).toBe('[redacted]');
  });
});
