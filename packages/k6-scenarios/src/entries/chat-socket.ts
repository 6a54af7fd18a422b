/** The k6 script `dist/chat-socket.js` (`build.mjs`). `K6_TESTS` has its file name, scenario and profile too: change both. */
import { chatSocket } from '@jarvis-load/jarvis';
import { WebSocket } from 'k6/websockets';
import { jarvisTest } from '../k6/jarvis-test.ts';

const test = jarvisTest(chatSocket, {
  profile: 'smoke',
  openSocket: (url, headers, tags) => new WebSocket(url, null, { headers, tags }),
});

export const options = test.options;
export const setup = test.setup;
export const teardown = test.teardown;
export default test.run;
