import { Type } from '@jarvis-load/engine/typebox';
import { describe, expect, it } from 'vitest';
import { feeder } from '../src/data/feeder.ts';
import { schemaProblem } from '../src/input/schema-problem.ts';
import type { ScenarioDefinition, VirtualUser } from '../src/model/scenario.ts';
import { virtualLoad } from './fixtures/virtual-load.ts';

const STANDARD = { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) };

function scenario(answer: unknown, run: (user: VirtualUser) => Promise<unknown>): ScenarioDefinition {
  return {
    name: 'shop',
    operations: [{ name: 'cart', method: 'GET', route: '/cart', answer: answer as never }],
    executor: { kind: 'per-vu-iterations', vus: 1, iterations: 1 },
    run: async (user) => void (await run(user)),
  };
}

describe('a schema', () => {
  it.each([
    ['Type.Any', Type.Any()],
    ['Type.Unknown', Type.Unknown()],
    ['Type.Unsafe', Type.Unsafe({})],
    ['Type.Undefined', Type.Undefined()],
    ['Type.Never', Type.Never()],
    ['Type.Record', Type.Record(Type.String(), Type.Any())],
    ['Type.Tuple', Type.Tuple([Type.String(), Type.Unknown()])],
    ['Type.Union', Type.Union([Type.Literal('a'), Type.Null()])],
    ['Type.Intersect', Type.Intersect([Type.Object({ a: Type.Any() }), Type.Object({ b: Type.BigInt() })])],
    ['Type.Cyclic', Type.Cyclic({ Node: Type.Object({ next: Type.Ref('Node') }) }, 'Node')],
    ['an additional property', Type.Object({ a: Type.Void() }, { additionalProperties: false, 'x-own': 1 })],
    ['an older TypeBox', { [Symbol('TypeBox.Kind')]: 'Void', type: 'void' }],
    [
      'JSON Schema',
      { type: ['object', 'null'], properties: { id: true, tags: { items: { type: 'string' } } } },
    ],
    ['JSON Schema with keys of its own', { $id: 'a', enum: [1], nullable: true }],
    ['if and then', JSON.parse('{"if":{"type":"string"},"then":{"minLength":1}}') as unknown],
    ['no question', { title: 'anything', description: 'as it comes' }],
    ['an empty one', {}],
    [
      'annotations of OpenAPI',
      {
        type: 'object',
        properties: {
          meta: { nullable: true },
          id: { example: 1, 'x-note': 1 },
          cart: { xml: { name: 'cart' }, externalDocs: {}, discriminator: { propertyName: 'kind' } },
        },
      },
    ],
    ['a Standard Schema', { '~standard': STANDARD, parse: () => undefined }],
    [
      'JSON Schema that Zod made, within another one',
      {
        type: 'object',
        properties: { cart: Object.defineProperty({ type: 'object' }, '~standard', { value: STANDARD }) },
      },
    ],
    [
      'definitions in groups',
      { $defs: { common: { Money: { type: 'number' } } }, $ref: '#/$defs/common/Money' },
    ],
    ['a function of ArkType', Object.assign(() => undefined, { '~standard': STANDARD })],
  ])('is accepted: %s', (_, schema) => {
    expect(schemaProblem(schema)).toBeUndefined();
    // The second time it is known.
    expect(schemaProblem(schema)).toBeUndefined();
  });

  it.each([
    ["'Cart'; expected a schema, such as Type.Object(", 'Cart'],
    ['null; expected', null],
    ['true; expected', true],
    ['["id"]; expected', ['id']],
    ['a function; expected', () => true],
    ['a promise; expected', Promise.resolve({})],
    [`{"token":"string"}, whose 'token' is no keyword of JSON Schema; expected`, { token: 'string' }],
    [`{"title":"string","id":"string"}, whose 'id' is no keyword`, { title: 'string', id: 'string' }],
    [`whose 'parse' is no keyword of JSON Schema`, { parse: () => undefined }],
    [`{"type":"strng"}, whose type 'strng' is none of string, number`, { type: 'strng' }],
    [`'string' at properties.token; expected`, { type: 'object', properties: { token: 'string' } }],
    [`'string' at properties.token; expected`, Type.Object({ token: 'string' as never })],
    [
      `'x' at properties.list.items.anyOf[1]`,
      Type.Object({ list: Type.Array({ anyOf: [Type.Any(), 'x'] }) }),
    ],
    [`'a' at properties;`, { properties: 'a' }],
    [
      'a Standard Schema at properties.cart, within a schema that does not apply it; expected',
      Type.Object({ cart: { type: 'object', '~standard': STANDARD } as never }),
    ],
    [
      'a Standard Schema at properties.cart, within',
      Type.Object({ cart: Type.Optional({ type: 'object', _zod: {}, def: {} } as never) }),
    ],
    ["'string' at unevaluatedProperties;", { type: 'object', unevaluatedProperties: 'string' }],
    ['a Standard Schema at items.anyOf[0], within', { items: { anyOf: [{ '~standard': STANDARD }] } }],
    ['a ~standard without validate', { '~standard': { version: 1 } }],
  ])('is refused as %s', (problem, schema) => {
    expect(schemaProblem(schema)).toContain(problem);
  });

  it('that holds itself is checked once', () => {
    const node: Record<string, unknown> = { type: 'object' };
    node['properties'] = { next: node };
    expect(schemaProblem(node)).toBeUndefined();
  });
});

describe('what is no schema is an error, and no answer is judged by it', () => {
  it('of an operation: before the run', () => {
    expect(() => virtualLoad({ scenarios: [scenario('Cart', (user) => user.get('/cart'))] })).toThrow(
      "scenario 'shop': operations[0].answer is 'Cart'; expected a schema, such as Type.Object(",
    );
  });

  it('of a request, and of json(): in scenario code', async () => {
    const errors: string[] = [];
    const told = (act: () => unknown): Promise<unknown> =>
      Promise.resolve()
        .then(act)
        .catch((error: unknown) => errors.push((error as Error).message));
    const load = virtualLoad({
      warmUp: false,
      scenarios: [
        scenario(undefined, async (user) => {
          await told(() => user.get('/cart', { answer: { token: 'string' } as never }));
          const answer = await user.get('/cart');
          await told(() => answer.json('token' as never));
        }),
      ],
    });
    const { totals } = await load.result();
    expect(errors).toEqual([
      expect.stringMatching(
        /^scenario "shop": a request of "cart" has answer \{"token":"string"\}, whose 'token' is no keyword .*ArkType\.$/,
      ),
      expect.stringMatching(
        /^the answer of "cart" is read by json\(\) of 'token'; expected a schema, .*; without arguments it gives the whole body\.$/,
      ),
    ]);
    expect([totals.requests, totals.outcomes]).toMatchObject([1, { ok: 1 }]);
  });

  it('of rows: where the feeder is made', () => {
    expect(() => feeder.json('/rows.json', { schema: { id: 'string' } as never })).toThrow(
      `feeder '/rows.json' has schema {"id":"string"}, whose 'id' is no keyword of JSON Schema; expected a schema`,
    );
  });
});
