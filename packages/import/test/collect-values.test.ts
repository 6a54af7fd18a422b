import { expect, it } from 'vitest';
import { collectTokens } from '../src/collect-values.ts';
import { readHar } from '../src/read-har.ts';
import { writeTest } from '../src/write-test.ts';

const PAGE = `
  <meta name="csrf-token" content="meta-0001-abcd">
  <form action="/search"><input type="hidden" name="csrf" value="search-1111-aaaa"></form>
  <form action="/other"><input name="csrf" value=""><input type="hidden" value="b-0002-bbbb" name="csrf"></form>
  <form action="/order"><input type="hidden" name="csrf" value="order-2222-cccc"></form>`;

it('each hidden field is found by its pattern, also the second one of its name', () => {
  const found = collectTokens(PAGE, 0);
  expect(found.map(({ value, skip }) => [value, skip])).toEqual([
    ['meta-0001-abcd', undefined],
    ['search-1111-aaaa', undefined],
    ['b-0002-bbbb', undefined],
    ['order-2222-cccc', 2],
  ]);
  for (const { pattern, skip = 0, value } of found)
    expect([...PAGE.matchAll(new RegExp(pattern!, 'gi'))][skip]?.[1]).toBe(value);
});

it('a test that sends the second form reads the token of the second form', () => {
  const request = (method: string, path: string, text?: string) => ({
    startedDateTime: new Date(1_700_000_000_000 + (text === undefined ? 0 : 2000)).toISOString(),
    time: 50,
    _resourceType: 'document',
    request: {
      method,
      url: `https://shop.example.org${path}`,
      headers: [],
      ...(text === undefined ? {} : { postData: { mimeType: 'application/x-www-form-urlencoded', text } }),
    },
    response: { status: 200, headers: [], content: { mimeType: 'text/html', text: PAGE } },
  });
  const entries = [request('GET', '/page'), request('POST', '/order', 'csrf=order-2222-cccc')];
  const { source } = writeTest(readHar(JSON.stringify({ log: { entries } }), 'shop.har', {}), {
    from: 'shop.har',
    locate: (path) => path,
  });
  expect(source).toMatch(
    /const csrf = \[\.\.\.\(?page\.text\(\)\)?\.matchAll\(\/<input.*\/gi\)\]\[2\]\?\.\[1\];/s,
  );
  expect(source).not.toContain('order-2222-cccc');
});
