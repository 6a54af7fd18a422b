import { packageTests } from '../../vitest.shared.ts';

// Test files that start processes measure their duration, so files run one after another.
export default packageTests(import.meta.dirname, { fileParallelism: false });
