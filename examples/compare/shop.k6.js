import http from 'k6/http';
import exec from 'k6/execution';
import { check, sleep } from 'k6';
import { SharedArray } from 'k6/data';

const accounts = new SharedArray('accounts', () =>
  open('../scenarios/accounts.csv')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [user, password] = line.trim().split(',');
      return { user, password };
    }),
);
const receipt = open('../scenarios/accounts.csv', 'b');
const target = __ENV.TARGET;

export const options = {
  thresholds: { 'http_req_failed{page:checkout}': ['rate<0.01'], checks: ['rate==1'] },
};

let token;

function logIn() {
  const { user, password } = accounts[(exec.vu.idInTest - 1) % accounts.length];
  const answer = http.post(`${target}/login`, { name: user, password }, { tags: { name: 'log in' } });
  const isSession = {
    'is a session': () => answer.status === 200 && typeof answer.json('token') === 'string',
  };
  return check(answer, isSession) ? answer.json('token') : 'none';
}

export default function () {
  token ??= logIn();
  const headers = { authorization: `Bearer ${token}` };
  const search = http.get(`${target}/search?q=tea+%26+cups`, {
    headers,
    tags: { name: 'search', page: 'search' },
  });
  if (!check(search, { 'has items': () => Array.isArray(search.json('items')) })) return;
  const [first] = search.json('items');
  if (first === undefined) return;
  sleep(0.1 + Math.random() * 0.2);
  const order = http.post(`${target}/orders`, JSON.stringify({ item: first.id }), {
    headers: { ...headers, 'content-type': 'application/json' },
    responseCallback: http.expectedStatuses(201),
    tags: { name: 'order', page: 'checkout' },
  });
  if (!check(order, { 'has an id': () => typeof order.json('id') === 'string' })) return;
  http.post(
    http.url`${target}/orders/${order.json('id')}/receipts`,
    { photo: http.file(receipt, 'receipt.csv', 'text/csv') },
    { headers, tags: { name: 'POST /orders/{id}/receipts' } },
  );
}
