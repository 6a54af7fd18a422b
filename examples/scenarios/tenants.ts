import { defineScenario, feeder } from '@jarvis-load/engine';

/** Each user works for one tenant, with the key and the region of that tenant. */
const tenants = feeder.of(
  [
    { tenant: 'acme', key: 'key-a', region: 'eu' },
    { tenant: 'globex', key: 'key-g', region: 'us' },
    { tenant: 'initech', key: 'key-i', region: 'eu' },
  ],
  { name: 'tenants', order: 'per-user', atEnd: 'repeat' },
);

/** Four reads and one write a second of each user, whatever the answers take. */
export default defineScenario({
  name: 'tenants',
  operations: ['GET /tenants/{tenant}/reports', 'POST /tenants/{tenant}/reports'],
  feeders: [tenants],
  wait: { kind: 'constant-pacing', seconds: 0.2 },
  onStart: (user) => Promise.resolve(user.feed(tenants)),
  async run(user, { state: { tenant, key, region } }) {
    const headers = { 'x-api-key': key };
    if (user.iteration % 5 === 4) {
      const json = { day: user.iterationInRun };
      await user.post('/tenants/{tenant}/reports', { params: { tenant }, headers, json, expect: [201, 409] });
    } else {
      await user.get('/tenants/{tenant}/reports', { params: { tenant }, headers, query: { region } });
    }
  },
});
