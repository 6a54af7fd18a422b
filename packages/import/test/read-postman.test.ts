import { expect, it } from 'vitest';
import { readPostman } from '../src/read-postman.ts';

const request = (body: unknown) => ({ method: 'POST', url: 'https://api.example.org/q', body });

function leftOutOf(item: readonly unknown[]): readonly string[] {
  const document = { info: { name: 'c', schema: 'https://example.org/v2.1.0/collection.json' }, item };
  return readPostman(JSON.stringify(document), 'c.json').leftOut.map(
    ({ reason, what }) => `${reason}: ${what.join(', ')}`,
  );
}

it('lists what it cannot take', () => {
  const graphql = (variables: string) => request({ mode: 'graphql', graphql: { query: '{ a }', variables } });
  let deep: object = { name: 'far down', item: [{ name: 'lost', request: request(undefined) }] };
  for (let level = 0; level < 50; level++) deep = { name: `level ${level}`, item: [deep] };
  expect(
    leftOutOf([
      { name: 'by id', request: graphql('{ "id": {{id}} }') },
      { name: 'quoted', request: graphql('{ "id": "{{id}}" }') },
      { name: 'upload', request: request({ mode: 'file', file: {} }) },
      deep,
    ]),
  ).toEqual([
    'GraphQL variables that are not JSON: by id',
    'body whose file is not named: upload',
    'folder deeper than 50 levels: far down',
  ]);
});

it('writes a lone surrogate of a path as the sign for what is unreadable', () => {
  const url = 'https://api.example.org/a\\ud800/\\ud83d\\ude00%20b';
  const text = `{"info":{"name":"c","schema":"https://example.org/v2.1.0/collection.json"},"item":[{"name":"q","request":{"method":"GET","url":"${url}"}}]}`;
  const { journeys } = readPostman(text, 'c.json');
  expect(JSON.stringify(journeys)).toContain('/a%EF%BF%BD/%F0%9F%98%80%20b');
});
