export { jarvisTest } from './jarvis-test.ts';
export type { JarvisFacts, JarvisTestOptions } from './jarvis-test.ts';
export type { Speech } from './read-speech.ts';
export { AbortError, k6Test } from './k6-test.ts';
export type { K6Connection, K6Test, K6TestData, K6TestParts } from './k6-test.ts';
export { K6User } from './k6-user.ts';
export type { K6Phase, K6UserOptions } from './k6-user.ts';
export { K6_VARIABLES, readEnvironment } from './environment.ts';
export type { K6Environment } from './environment.ts';
