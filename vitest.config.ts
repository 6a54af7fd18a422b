import { defineConfig } from 'vitest/config';

/** All packages in one process, for `npm run test:fast`. */
export default defineConfig({ test: { projects: ['packages/*', 'apps/cli', 'tools'] } });
