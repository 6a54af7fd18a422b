/** What a test file imports from `@jarvis-load/engine`, as it is in k6. */
export { defineScenario, EngineError } from '@jarvis-load/engine/plain';
export { feeder } from './feeder.ts';
export { file } from './file.ts';
