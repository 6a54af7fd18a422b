import { packageTests } from '../../vitest.shared.ts';

// Most of the time these tests wait for a process that runs for some seconds: two files at a time take half as long.
// The time limit is for a test that hangs; beside another file a run of k6 takes half a minute.
export default packageTests(import.meta.dirname, {
  maxWorkers: 2,
  testTimeout: 120_000,
  hookTimeout: 120_000,
});
