import { expect, it } from 'vitest';
import { shownAddress } from '../src/secrets/shown-address.ts';

it.each([
  ['https://cdn.test/p@1/openapi.json?sig=s3cret#a', 'https://cdn.test/p@1/openapi.json'],
  ['http://ada:s3cret@cdn.test/p@1/a.json', '***@1/a.json'],
  ['http://s3cret@cdn.test/a', '***@cdn.test/a'],
  // No URLs: a password that is not encoded ends the host.
  ['http://ada:s3/cret@cdn.test/a', '***@cdn.test/a'],
  ['http://ada:s3?cret@cdn.test/a', '***@cdn.test/a'],
  ['ada:s3cret@cdn.test', '***@cdn.test'],
  ['cdn.test/a?key=s3cret', 'cdn.test/a'],
  ['http://ada:80#s3cret@cdn.test/a', '***@cdn.test/a'],
])('%s is shown as %s', (text, shown) => {
  expect(shownAddress(text)).toBe(shown);
});
