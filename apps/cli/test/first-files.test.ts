import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { firstFiles } from '../src/init/first-files.ts';

it.each([
  ['/search?q=tea&limit=5', { q: 'tea', limit: '5' }],
  ['/search?q=it%27s', { q: "it's" }],
  ['/search?q=%22tea%22%5C%0A', { q: '"tea"\\\n' }],
  ['/search?tag=a&tag=b', { tag: ['a', 'b'] }],
  ['/search?q=a?b', { q: 'a?b' }],
])('the first test requests %s with its query', (path, query) => {
  const source = firstFiles({ target: 'mock', path }, true).get('load.ts')!;
  const literal = /user\.get\('\/search', \{ query: (.*) \}\);/.exec(source)?.[1];
  const read: unknown = runInNewContext(`(${literal})`);
  expect(JSON.parse(JSON.stringify(read))).toEqual(query);
});

it('a path without a query has no options', () => {
  const source = firstFiles({ target: 'mock', path: '/search?' }, true).get('load.ts');
  expect(source).toContain("await user.get('/search');");
});
