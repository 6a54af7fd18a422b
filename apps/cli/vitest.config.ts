import { packageTests } from '../../vitest.shared.ts';

// Files that start processes measure how long those take: one file after another.
export default packageTests(import.meta.dirname, { fileParallelism: false });
