import { packageTests } from '../vitest.shared.ts';

export default packageTests(import.meta.dirname, {
  // The tests build with Nx and the compiler, which takes many seconds on a busy machine.
  testTimeout: 120_000,
});
