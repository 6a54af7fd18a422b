import { expect, it } from 'vitest';
import { readOpenapi } from '../src/read-openapi.ts';

const ID = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'integer' } });
const NOTHING = { responses: { 204: {} } };

function requestsOf(document: object) {
  const { journeys } = readOpenapi({ openapi: '3.0.0', ...document }, 'shop');
  return journeys.flatMap(({ requests }) => requests);
}

it('what is inside something is deleted before it', () => {
  const requests = requestsOf({
    paths: {
      '/orders/{id}': { parameters: [ID('id')], delete: NOTHING, get: NOTHING },
      '/orders/{id}/lines/{lineId}': { parameters: [ID('id'), ID('lineId')], delete: NOTHING },
    },
  });
  expect(requests.map(({ method, route }) => `${method} ${route}`)).toEqual([
    'GET /orders/{id}',
    'DELETE /orders/{id}/lines/{lineId}',
    'DELETE /orders/{id}',
  ]);
});

it('schemas that refer to themselves several times are searched once each', () => {
  const self = { $ref: '#/components/schemas/Order' };
  const requests = requestsOf({
    components: {
      schemas: { Order: { allOf: [self, self, self, { properties: { id: { type: 'integer' } } }] } },
    },
    paths: {
      '/orders': { post: { responses: { 201: { content: { 'application/json': { schema: self } } } } } },
      '/orders/{id}': { parameters: [ID('id')], get: NOTHING },
    },
  });
  expect(requests[1]?.links).toEqual([{ path: ['id'], type: 'number', param: 'id', from: 0 }]);
});
