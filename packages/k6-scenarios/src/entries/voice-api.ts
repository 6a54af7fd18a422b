import { voiceJourney } from '@jarvis-load/jarvis';
import { jarvisTest } from '../k6/jarvis-test.ts';

const test = jarvisTest(voiceJourney, { profile: 'voice', records: true });

export const options = test.options;
export const setup = test.setup;
export const teardown = test.teardown;
export default test.run;
