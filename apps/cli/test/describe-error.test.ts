import { expect, it } from 'vitest';
import { describeError } from '../src/describe-error.ts';

it.each([
  ['null', null, 'null'],
  ['an object without a prototype', Object.create(null), '{}'],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        getPrototypeOf() {
          throw new Error('trapped');
        },
      },
    ),
    'internal error: ',
  ],
])('%s that was thrown is an internal error with its text', (_, thrown, said) => {
  for (const debug of [false, true]) {
    const { text, exitCode } = describeError(thrown, debug);
    expect(exitCode).toBe(1);
    expect(text).toContain(said);
  }
});

it('an error that is its own cause is shown with an end', () => {
  const error = new Error('round');
  error.cause = error;
  const { text } = describeError(error, true);
  expect(text.match(/caused by/g)).toHaveLength(9);
});
