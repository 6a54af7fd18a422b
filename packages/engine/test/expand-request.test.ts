import { expect, it } from 'vitest';
import { encodePairs, pathOf } from '../src/user/expand-request.ts';
import { RequestProblem } from '../src/transport/head.ts';

it.each([
  [
    'has params.id with an unpaired surrogate',
    () => pathOf({ operation: 'a', params: { id: '\ud800' } }, '/a/{id}'),
  ],
  ['has a field with an unpaired surrogate', () => encodePairs({ q: '\ud800' }, 'query')],
])('%s', (message, act) => {
  expect(act).toThrow(RequestProblem);
  expect(act).toThrow(message);
});
