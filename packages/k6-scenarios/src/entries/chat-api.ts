/** The k6 script `dist/chat-api.js` (`build.mjs`). `K6_TESTS` has its file name, scenario and profile too: change both. */
import { chatJourney } from '@jarvis-load/jarvis';
import { jarvisTest } from '../k6/jarvis-test.ts';

const test = jarvisTest(chatJourney, { profile: 'chat' });

export const options = test.options;
export const setup = test.setup;
export const teardown = test.teardown;
export default test.run;
