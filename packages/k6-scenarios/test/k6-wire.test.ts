import type { Operation, RequestSpec } from '@jarvis-load/engine';
import { describe, expect, it } from 'vitest';
import { socketOf, wireOf, type K6Wire } from '../src/k6/k6-wire.ts';

const ASK: Operation = { name: 'ask', method: 'POST', route: '/ask' };
const TARGET = { origin: 'http://127.0.0.1:1', pathPrefix: '', headers: {} };

function sent(spec: Omit<RequestSpec, 'operation'>): K6Wire {
  return wireOf({ operation: 'ask', ...spec }, ASK, [TARGET as never]);
}

describe('a request as k6 sends it', () => {
  it.each([
    [{ json: {} }, 'application/json'],
    [{ form: {} }, 'application/x-www-form-urlencoded'],
    [{ multipart: { a: 1 } }, expect.stringMatching(/^multipart\/form-data; boundary=/) as string],
  ])('has the content type of its body %j, or its own in whichever case', (body, type) => {
    expect(sent(body).headers).toEqual({ 'content-type': type });
    const headers = { 'Content-Type': 'application/vnd.api+json' };
    expect(sent({ ...body, headers }).headers).toEqual(headers);
  });

  it('is refused with JSON that cannot be written', () => {
    expect(() => sent({ json: 1n })).toThrow('a request of "ask" has json that cannot be serialised');
  });

  it('has its own headers in place of those of the run, in whichever case, unless they are undefined', () => {
    const target = { ...TARGET, headers: { authorization: 'run', accept: 'text/plain' } } as never;
    const headers = { Authorization: 'own', accept: undefined as never };
    expect(wireOf({ operation: 'ask', headers }, ASK, [target]).headers).toEqual({
      Authorization: 'own',
      accept: 'text/plain',
    });
  });

  it.each([
    [{ json: 1, form: { a: 1 } }, 'has both json and form'],
    [{ multipart: { a: 1 }, body: 'x' }, 'has both multipart and body'],
    [{ form: { a: {} as string } }, 'has form.a'],
    [{ multipart: { a: { content: 'x', name: 'a', type: 'a/b\r\nc: d' } } }, 'line break in its type'],
    [{ params: { id: 1 } }, 'has no {id}'],
    [{ json: () => 1 }, 'has json of type function'],
    [{ timeoutMs: 0 }, 'has timeoutMs 0'],
    [{ headers: { 'content-length': '1' } }, 'which the engine sets itself'],
    [{ headers: { a: 'b\r\nc: d' } }, 'has a value of header "a" that cannot be sent'],
    [{ headers: { a: 1 as never } }, 'has a value of header "a" that cannot be sent'],
    [{ multipart: { a: { content: 'x' } as never } }, 'has multipart.a'],
    [{ multipart: null as never }, 'has multipart that is no object'],
    [{ multipart: { a: { content: 'x', name: 'a', type: 1 as never } } }, 'has multipart.a'],
  ])('is refused by its name, as the native engine does: %j', (spec, problem) => {
    expect(() => sent(spec)).toThrow(TypeError);
    expect(() => sent(spec)).toThrow(problem);
    expect(() => sent(spec)).toThrow('a request of "ask"');
  });
});

it('a WebSocket goes to the base of its request, with the headers of that base only', () => {
  const operation: Operation = { name: 'talk', method: 'GET', route: '/talk', base: 'voice' };
  const target = { origin: 'http://127.0.0.1:1', pathPrefix: '', headers: { authorization: 'Bearer t' } };
  const addresses = [
    target,
    { name: 'voice', origin: 'https://127.0.0.1:2', pathPrefix: '/v1', headers: { 'x-load-phase': 'run' } },
  ] as never;
  expect(
    socketOf({ operation: 'talk', path: '/talk?a=1', headers: { own: 'x' } }, operation, addresses),
  ).toEqual({ url: 'wss://127.0.0.1:2/v1/talk?a=1', headers: { 'x-load-phase': 'run', own: 'x' } });
  expect(() => socketOf({ operation: 'talk', path: '/talk', base: 'x' }, operation, addresses)).toThrow(
    'has base "x"',
  );
});
