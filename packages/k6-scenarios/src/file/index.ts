export { fileTest } from './file-test.ts';
export type { FileTestOptions } from './file-test.ts';
