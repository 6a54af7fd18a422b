/** The k6 script `dist/workflow-api.js` (`build.mjs`). `K6_TESTS` has its file name, scenario and profile too: change both. */
import { fullWorkflow } from '@jarvis-load/jarvis';
import { bundledSpeech } from '../k6/bundled-speech.ts';
import { jarvisTest } from '../k6/jarvis-test.ts';

const test = jarvisTest(fullWorkflow, { profile: 'smoke', speech: bundledSpeech });

export const options = test.options;
export const setup = test.setup;
export const teardown = test.teardown;
export default test.run;
