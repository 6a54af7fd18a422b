import { defineScenario } from '../../dist/index.js';

/** Stops the run with the token that it sent in the reason. */
const token = 'k3y-0f-th3-sh0p-9876';

export const scenarios = [
  defineScenario({
    name: 'telling',
    operations: ['GET /cart'],
    executor: { kind: 'constant-vus', vus: 2, duration: '20s' },
    async run(user) {
      await user.get('/cart', { headers: { authorization: `Bearer ${token}` } });
      user.stop(`refused for ${token}`);
    },
  }),
];
