import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { reasonOf } from '../src/show.ts';

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
