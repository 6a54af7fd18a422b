import { packageTests } from '../../vitest.shared.ts';

// Most of the time these tests wait for a run of some seconds on the real clock: two files at a time take little more than half as long.
export default packageTests(import.meta.dirname, { maxWorkers: 2 });
