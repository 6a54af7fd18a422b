import { basename, join } from 'node:path';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { fastTests } from './tools/test-parts.ts';

// Nx forces colours on whatever it starts: programs that tests start are to print what they print anywhere.
delete process.env['FORCE_COLOR'];

/**
 * The test set-up of every package: workspace imports resolve to TypeScript sources, so that unit tests need no
 * build; tests that start a process use `dist`, which the Nx target `test` builds first.
 *
 * With `TEST_PART=fast` only the tests that are pure or on a virtual clock run; they need no build.
 *
 * With `TEST_RESULTS_FOLDER=<folder>` the numbers of each package also go into a JSON file there, for `.ci/run`
 * to add up.
 */
export function packageTests(packageFolder: string, overrides: ViteUserConfig['test'] = {}): ViteUserConfig {
  // Vite adds `import`, `require` and `default` where they belong. Named here they would reach Node's own resolution
  // of dependencies, and a CommonJS package's `require('ws')` would get the ES module.
  const conditions = ['@jarvis-load/source', 'module', 'node'];
  const results = process.env['TEST_RESULTS_FOLDER'];
  const isFast = process.env['TEST_PART'] === 'fast';
  const { maxWorkers, ...others } = overrides;
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: isFast ? fastTests(packageFolder) : ['test/**/*.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      ...(results && {
        reporters: ['default', ['json', { outputFile: join(results, `${basename(process.cwd())}.json`) }]],
      }),
      ...others,
      // `test:fast` runs all packages in one Vitest, which takes one number of workers for all and by itself leaves a processor
      // free. Files share their modules there: loading them anew for each takes as long as the tests. `npm test` isolates.
      ...(isFast ? { maxWorkers: '100%', isolate: false } : maxWorkers === undefined ? {} : { maxWorkers }),
    },
  });
}
