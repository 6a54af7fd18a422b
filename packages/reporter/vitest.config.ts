import { packageTests } from '../../vitest.shared.ts';

// Documents of an hour take seconds of computing each: one file on each processor.
export default packageTests(import.meta.dirname, {
  globalSetup: ['./test/build-assets.ts'],
  maxWorkers: 2,
});
