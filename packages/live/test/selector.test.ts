import { expect, it } from 'vitest';
import { operationOfSelector } from '../src/page/selector.ts';

it.each([
  ['http_req_duration{operation:chat.send} p(95)<500', 'chat.send'],
  ['http_req_duration{operation:chat.send,status:500} p(95)<500', 'chat.send'],
  ['http_req_duration{status:500, operation: chat.send } p(95)<500', 'chat.send'],
  ["http_req_failed{scenario:'a,b}',operation:'GET /cart/{id}, again'} rate<0.01", 'GET /cart/{id}, again'],
  ["checks{'operation':\"it's\"} rate>0.9", "it's"],
  ['http_req_duration{operation:chat.send2} p(95)<500', 'chat.send2'],
  ['http_req_duration{my_operation:chat.send} p(95)<500', undefined],
  ["http_req_duration{page:'{operation:chat.send}'} p(95)<500", undefined],
  ['http_req_duration p(95)<500', undefined],
])('%s selects the operation %s', (promise, operation) => {
  expect(operationOfSelector(promise)).toBe(operation);
});
