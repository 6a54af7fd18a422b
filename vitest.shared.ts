import { defineConfig, type ViteUserConfig } from 'vitest/config';

/**
 * The test set-up of every package: workspace imports resolve to TypeScript sources, so that unit tests need no
 * build; tests that start a process use `dist`, which the Nx target `test` builds first.
 */
export function packageTests(overrides: ViteUserConfig['test'] = {}): ViteUserConfig {
  const conditions = ['@jarvis-load/source', 'module', 'node', 'import', 'default'];
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions } },
    test: {
      include: ['test/**/*.test.ts'],
      testTimeout: 30_000,
      hookTimeout: 30_000,
      ...overrides,
    },
  });
}
