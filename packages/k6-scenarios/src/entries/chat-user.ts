/** The k6 script `dist/chat-user.js` (`build.mjs`). `K6_TESTS` has its file name, scenario and profile too: change both. */
import { chatUser } from '@jarvis-load/jarvis';
import { jarvisTest } from '../k6/jarvis-test.ts';

const test = jarvisTest(chatUser, { profile: 'smoke' });

export const options = test.options;
export const setup = test.setup;
export const teardown = test.teardown;
export default test.run;
