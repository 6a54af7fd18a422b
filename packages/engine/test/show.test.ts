import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { errorOf, namedReasonOf, reasonOf, show, stackOf } from '../src/show.ts';

it.each([
  ['an error', new Error('no disk'), 'no disk'],
  ['an error of another realm', runInNewContext('new TypeError("no disk")'), 'no disk'],
  ['a text', 'no disk', 'no disk'],
  [
    'an object, in full: a secret in it is redacted later',
    { token: 'x'.repeat(200) },
    `{"token":"${'x'.repeat(200)}"}`,
  ],
  ['an object without a prototype', Object.create(null), '{}'],
  ['nothing', undefined, 'undefined'],
])('the reason of %s', (_, thrown: unknown, reason) => {
  expect(reasonOf(thrown)).toBe(reason);
});

it('the reason of an object that is no JSON', () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  expect(reasonOf(loop)).toBe('an object');
});

describe('a value that is hostile to whoever reports it', () => {
  const trap = (): never => {
    throw new Error('trapped');
  };
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const unreadable = new Error('x');
  // Its stack first: V8 makes that of the name when it is first read.
  for (const member of ['stack', 'message', 'name']) Object.defineProperty(unreadable, member, { get: trap });
  const hostile: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['a symbol', Symbol('s')],
    ['an object without a prototype', Object.create(null)],
    ['a revoked proxy', revoked],
    ['a proxy that throws', new Proxy({}, { getPrototypeOf: trap, get: trap, has: trap, ownKeys: trap })],
    ['an error whose members throw', unreadable],
    ['an error whose message is a symbol', Object.assign(new Error('x'), { message: Symbol('s') })],
    [
      'an object whose toJSON throws null',
      {
        toJSON: () => {
          throw null as unknown as Error;
        },
      },
    ],
    [
      'an object whose tag throws',
      {
        get [Symbol.toStringTag]() {
          return trap();
        },
      },
    ],
    ['a proxy of a function', new Proxy(() => 1, { get: trap })],
  ];

  it.each(hostile.map(([name], index) => [name, index] as const))('%s becomes a text', (_, index) => {
    const thrown = hostile[index]![1];
    for (const text of [reasonOf(thrown), namedReasonOf(thrown), show(thrown)])
      expect(text).toEqual(expect.any(String));
    expect(['string', 'undefined']).toContain(typeof stackOf(thrown));
    expect(errorOf(thrown) instanceof Error).toBe(true);
  });
});

it('an error keeps its name before its message, and stays the same error', () => {
  const error = new TypeError('no disk');
  expect(namedReasonOf(error)).toBe('TypeError: no disk');
  expect(errorOf(error)).toBe(error);
  expect(errorOf(7)).toMatchObject({ message: '7', cause: 7 });
});
