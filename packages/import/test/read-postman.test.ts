import { describe, expect, it } from 'vitest';
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

describe('variables without a value', () => {
  const SCHEMA = 'https://example.org/v2.1.0/collection.json';
  const read = (given: object) => {
    const variable = [{ key: 'kind', value: 'cup' }];
    const item = [{ name: 'q', request: { method: 'POST', ...given } }];
    const { journeys, leftOut } = readPostman(
      JSON.stringify({ info: { name: 'c', schema: SCHEMA }, variable, item }),
      'c.json',
    );
    return { ...journeys[0]!.requests[0]!, leftOut };
  };
  const secret = (name: string) => ({ kind: 'secret', name });

  it.each([
    ['orders/order-{{id}}', 'orders/order-{id}', ['id']],
    ['orders/{{id}}.json', 'orders/{id}.json', ['id']],
    ['{{kind}}-{{id}}/{{id}}', 'cup-{id}/{id}', ['id']],
    ['{{order id}}/{{order_id}}', '{order_id}/{order_id2}', ['order_id', 'order_id2']],
    [':id/x-{{id}}', '{id}/x-{id2}', ['id', 'id2']],
    [':order-id/:other-id', '{order_id}/:other-id', ['order_id']],
    ['a{b}/%20 c', 'a%7Bb%7D/%20%20c', []],
  ])('in the path %s are params', (path, route, params) => {
    const variable = [{ key: 'order-id', value: 7 }];
    const made = read({ url: { raw: `https://api.example.org/${path}`, variable } });
    expect(made.route).toBe(`/${route}`);
    expect(made.params.map(([name]) => name)).toEqual(params);
  });

  it('are of the environment in a form that is given as text', () => {
    const header = [{ key: 'content-type', value: 'application/x-www-form-urlencoded' }];
    const made = read({ url: 'https://api.example.org/', header, body: { mode: 'raw', raw: 'a=1&b={{b}}' } });
    expect(made.body).toMatchObject({
      fields: [
        ['a', '1'],
        ['b', { parts: [secret('LOAD_B')] }],
      ],
    });
  });

  it('are listed where they are in a name', () => {
    const pair = (key: string) => ({ key, value: '1' });
    const made = read({
      url: { raw: 'https://api.example.org/', query: [pair('{{kind}}'), pair('{{q}}')] },
      header: [pair('x-{{kind}}'), pair('x-{{h}}')],
      body: { mode: 'urlencoded', urlencoded: [pair('f-{{kind}}'), pair('{{f}}')] },
    });
    expect(made).toMatchObject({
      query: [['cup', '1']],
      headers: [['x-cup', '1']],
      body: { fields: [['f-cup', '1']] },
      leftOut: [{ what: ['x-{{h}}', '{{f}}', '{{q}}'] }],
    });
  });
});

it('keeps a question mark in a query', () => {
  const text = `{"info":{"name":"c"},"item":[{"name":"q","request":{"url":"https://api.example.org/a?b=c?d#e"}}]}`;
  expect(readPostman(text, 'c.json').journeys[0]!.requests[0]!.query).toEqual([['b', 'c?d']]);
});
