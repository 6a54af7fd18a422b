/** The k6 script `dist/memory-api.js` (`build.mjs`). `K6_TESTS` has its file name, scenario and profile too: change both. */
import { memoryWorkflow } from '@jarvis-load/jarvis';
import { jarvisTest } from '../k6/jarvis-test.ts';

const test = jarvisTest(memoryWorkflow, { profile: 'smoke' });

export const options = test.options;
export const setup = test.setup;
export const teardown = test.teardown;
export default test.run;
