import { packageTests } from '../../vitest.shared.ts';

// Most of the time these tests wait for a process that runs for some seconds: two files at a time take half as long.
export default packageTests(import.meta.dirname, { maxWorkers: 2 });
