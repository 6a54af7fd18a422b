import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, resolveLocation } from '../src/k6/addresses.ts';

const step = fc.constantFrom('a', 'orders', '7', '..', '.', 'x.y', '');
const path = fc.array(step, { maxLength: 4 }).map((steps) => steps.join('/'));
const query = fc.constantFrom('', '?', '?page=2', '?next=/a/../b', '?q=1?2');
const host = fc.constantFrom(
  'localhost:3000',
  '127.0.0.1',
  'Api.Example.org',
  'api.example.org:80',
  '[::1]:8100',
);
const base = fc
  .tuple(fc.constantFrom('http', 'https'), host, path, query)
  .map(([scheme, at, steps, asked]) => `${scheme}://${at}/${steps}${asked}`);
const location = fc.oneof(
  base,
  fc.tuple(host, path, query).map(([at, steps, asked]) => `//${at}/${steps}${asked}`),
  fc
    .tuple(fc.constantFrom('/', ''), path, query, fc.constantFrom('', '#top'))
    .map((parts) => parts.join(''))
    // Steps that look like a host.
    .filter((text) => !text.startsWith('//')),
  fc.constantFrom('mailto:a@example.org', 'ftp://example.org/a', 'HTTP://localhost'),
);

describe('where a redirect leads to, in k6', () => {
  it('is where the URL of the standard leads to', () => {
    fc.assert(
      fc.property(base, location, (url, given) => {
        const found = resolveLocation(given, new URL(url).href);
        const wanted = new URL(given, url);
        if (!/^https?:$/.test(wanted.protocol)) {
          expect(found).toBeUndefined();
          return;
        }
        expect(found?.origin).toBe(wanted.origin);
        // An empty query is sent as it is written.
        expect(found?.path.replace(/\?$/, '')).toBe(wanted.pathname + wanted.search);
      }),
      { numRuns: 500 },
    );
  });

  it('compares with addresses whose origin is written in the same way', () => {
    expect(addressOf('http://Api.example.org:80/v1/', 'api')).toEqual({
      name: 'api',
      origin: 'http://api.example.org',
      pathPrefix: '/v1',
    });
    expect(() => addressOf('api.example.org')).toThrow('api.example.org is not the URL of an API');
  });
});
