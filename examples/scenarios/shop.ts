import { defineScenario, feeder, file } from '@jarvis-load/engine';
import { Type } from 'typebox';

const accounts = feeder.csv(new URL('./accounts.csv', import.meta.url), { columns: ['user', 'password'] });
const photo = file(new URL('./accounts.csv', import.meta.url), { name: 'receipt.csv' });

const Session = Type.Object({ token: Type.String() });
const Found = Type.Object({ items: Type.Array(Type.Object({ id: Type.Integer() })) });
const Order = Type.Object({ id: Type.String() });

/** People who log in, look for something, order the first thing they find and upload a receipt. */
export default defineScenario({
  name: 'shop',
  operations: [
    { name: 'log in', method: 'POST', route: '/login', answer: Session, maxPerSecond: 50 },
    { name: 'search', method: 'GET', route: '/search', answer: Found, tags: { page: 'search' } },
    { name: 'order', method: 'POST', route: '/orders', expect: [201], tags: { page: 'checkout' } },
    'POST /orders/{id}/receipts',
  ],
  feeders: [accounts],
  async onStart(user) {
    const { user: name, password } = user.feed(accounts);
    const session = (await user.post('/login', { form: { name, password } })).json(Session);
    return { headers: { authorization: `Bearer ${session?.token ?? 'none'}` } };
  },
  async run(user, { state: { headers } }) {
    const found = (await user.get('/search', { query: { q: 'tea & cups' }, headers })).json(Found);
    const [first] = found?.items ?? [];
    if (first === undefined) return;
    await user.think({ min: 0.1, max: 0.3 });
    const order = (await user.post('/orders', { json: { item: first.id }, headers })).json(Order);
    if (order === undefined) return;
    await user.post('/orders/{id}/receipts', { params: { id: order.id }, multipart: { photo }, headers });
  },
  thresholds: { 'http_req_failed{page:checkout}': ['rate<0.01'] },
});
