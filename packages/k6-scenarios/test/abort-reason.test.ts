import { expect, it } from 'vitest';
import { formatAbort, parseAbort } from '../src/k6/abort-reason.ts';

it('a reason comes back from the message of k6, without the place in the script', () => {
  const text = formatAbort({ code: 'neither', text: 'no\nknown contract' });
  const parsed = { code: 'neither', text: 'no known contract' };
  expect(parseAbort(`test aborted: ${text}`)).toEqual(parsed);
  expect(parseAbort(`test aborted: ${text} at default (file:///tmp/a.js:3:43(6))`)).toEqual(parsed);
});

it.each([
  ['text of a target in another message', 'Request Failed: jarvis-load abort [neither]: x'],
  ['an error of the script', 'Error: jarvis-load abort [neither]: x'],
  ['an unknown code', 'test aborted: jarvis-load abort [other]: x'],
  ['the name of a method as code', 'test aborted: jarvis-load abort [constructor]: x'],
  ['an abort of another script', 'test aborted: enough'],
])('%s is no abort of these tests', (_, message) => {
  expect(parseAbort(message)).toBeUndefined();
});
