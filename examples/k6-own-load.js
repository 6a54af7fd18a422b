/**
 * A k6 script of one's own that runs the chat journey of this project: its checks, metrics and think times, under
 * another load, with thresholds of one's own. The guide (docs/guides/k6.md) says how to bundle and run it.
 */
import { chatJourney } from '@jarvis-load/jarvis';
import { jarvisTest } from '@jarvis-load/k6-scenarios/k6';

const test = jarvisTest(chatJourney);

export const options = {
  ...test.options,
  scenarios: {
    chat: { executor: 'per-vu-iterations', vus: 3, iterations: 1 },
  },
  thresholds: {
    ...test.options.thresholds,
    'response_time{name:chat.send}': ['p(95)<400'],
    checks: ['rate>0.99'],
  },
};
export const setup = test.setup;
export const teardown = test.teardown;
export default test.run;
