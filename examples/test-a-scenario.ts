import assert from 'node:assert/strict';
import { runLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';

// An hour of ten users who ask every half minute, in less than a second: time and target are the test's own.
const clock = new VirtualClock();
const target = new ScriptedTarget(clock, ({ number }) => ({
  afterMs: 120,
  status: number % 50 === 49 ? 503 : 200,
}));

const run = runLoad({
  baseUrl: 'http://jarvis.test',
  clock,
  transport: target,
  scenarios: [
    {
      name: 'chat',
      operations: [{ name: 'ask', method: 'POST', route: '/api/chat' }],
      wait: { kind: 'constant-pacing', seconds: 30 },
      run: async (user) => {
        const answer = await user.request({
          operation: 'ask',
          path: '/api/chat',
          json: { text: `I am ${user.id}` },
        });
        user.check(answer, { answered: ({ outcome }) => outcome === 'ok' });
      },
      executor: { kind: 'constant-vus', vus: 10, duration: '1h' },
      thresholds: { checks: ['rate>0.97'], response_time: ['p(99)<150'] },
    },
  ],
});
const { verdict, totals } = await clock.until(run);

assert.equal(verdict.status, 'pass');
assert.equal(totals.requests, 10 * 120);
assert.equal(totals.outcomes.server_error, 24);
assert.equal(JSON.parse(target.requests[0]!.body).text, 'I am 1');
console.log(`${totals.requests} requests in an hour of the test's own`);
