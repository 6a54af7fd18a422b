import { expect, it } from 'vitest';
import { defineScenario, type Operation } from '../src/index.ts';

// The compiler judges this file (`npm run check:types`): each line that it must refuse is marked.

it('routes, operations and params are checked by the compiler', () => {
  const scenario = defineScenario({
    name: 'typed',
    operations: [
      'GET /carts',
      'POST /orders/{id}',
      { name: 'search', method: 'GET', route: '/search/{word}' },
    ],
    async run(user) {
      await user.get('/carts');
      await user.post('/orders/{id}', { params: { id: 1 } });
      await user.get('/search/{word}', { params: { word: 'tea' } });
      await user.request({ operation: 'search', params: { word: 'tea' } });
      await user.batch(['GET /carts', { operation: 'search', params: { word: 'tea' } }]);
      // @ts-expect-error a misspelt route
      await user.get('/cart');
      // @ts-expect-error a route of another method
      await user.post('/carts');
      // @ts-expect-error a route that needs params
      await user.post('/orders/{id}');
      // @ts-expect-error a misspelt param
      await user.post('/orders/{id}', { params: { nr: 1 } });
      // @ts-expect-error a route without params
      await user.get('/carts', { params: { id: 1 } });
      // @ts-expect-error a misspelt operation
      await user.request({ operation: 'serach' });
      // @ts-expect-error a misspelt operation of a batch
      await user.batch(['GET /cart']);
    },
  });
  expect(scenario.operations.map(({ name }) => name)).toEqual(['GET /carts', 'POST /orders/{id}', 'search']);
});

it('a list of operations that is made elsewhere has any route', () => {
  const shared: Operation[] = ['carts', 'orders'].map((name) => ({ name, method: 'GET', route: `/${name}` }));
  const scenario = defineScenario({
    name: 'shared',
    operations: shared,
    async run(user) {
      await user.get('/carts');
      await user.post('/orders/{id}', { params: { id: 1 } });
      await user.request({ operation: 'carts' });
      // @ts-expect-error a route that needs params
      await user.get('/orders/{id}');
    },
  });
  expect(scenario.operations).toHaveLength(2);
});
