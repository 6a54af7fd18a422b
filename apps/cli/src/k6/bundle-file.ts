import { isBuiltin } from 'node:module';
import { basename, dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure, OnResolveResult, Plugin } from 'esbuild';
import { usageError } from '../cli-error.ts';
import { compileError } from '../test-file/compile-error.ts';
import {
  HERE,
  importMetaOfSource,
  META_OF_SOURCE,
  outputFolder,
  OWN_PACKAGES,
  type CompiledFile,
} from '../test-file/compile-file.ts';
import { withEsbuild } from '../test-file/with-esbuild.ts';

/** What the bundle runs. */
export interface BundledScenario {
  readonly scenario: string;
  readonly nameInK6: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Makes the names of bundles differ: all of a file are made before the first one runs. */
let number = 0;

/**
 * Bundles one scenario of a test file for k6: its neighbours and packages included, and this engine's functions replaced by
 * those of k6.
 *
 * @returns path of the script, which is removed when this process exits
 * @throws CliError exit 2 for a file that needs modules of Node, or that the compiler rejects
 */
export async function bundleFile(file: CompiledFile, run: BundledScenario): Promise<string> {
  const { path, given, cwd } = file;
  const outfile = join(outputFolder(), `k6-${++number}-${basename(path, extname(path))}-${run.nameInK6}.js`);
  /** Modules of Node, each with the file that imports it. */
  const missing = new Map<string, string>();
  try {
    await withEsbuild(({ build }) =>
      build({
        stdin: {
          contents: entryOf(path, run),
          resolveDir: dirname(path),
          sourcefile: 'k6-entry.js',
        },
        outfile,
        bundle: true,
        format: 'esm',
        platform: 'neutral',
        target: 'es2022',
        mainFields: ['module', 'main'],
        conditions: ['import'],
        external: ['k6', 'k6/*'],
        charset: 'utf8',
        legalComments: 'none',
        logLevel: 'silent',
        define: { ...META_OF_SOURCE, 'process.env': '__ENV' },
        inject: [fileURLToPath(import.meta.resolve('@jarvis-load/k6-scenarios/file/globals'))],
        plugins: [importMetaOfSource, engineOfK6(missing)],
      }),
    );
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    if (missing.size > 0) {
      throw usageError(
        'k6-file',
        `k6 ${given}: k6 has no modules of Node, and ${importsOf(missing, path, cwd)}`,
        'a file without them; rows and files come from feeder and file of @jarvis-load/engine',
        `npx jarvis-load load ${given}`,
      );
    }
    throw compileError(first, given, path, cwd);
  }
  return outfile;
}

/** `the file imports node:fs`, or which of its neighbours or packages does. */
function importsOf(missing: ReadonlyMap<string, string>, path: string, cwd: string): string {
  return [...missing]
    .map(([name, importer]) => `${importer === path ? 'the file' : relative(cwd, importer)} imports ${name}`)
    .join(', ');
}

function entryOf(path: string, run: BundledScenario): string {
  return [
    `import * as file from ${JSON.stringify(path)};`,
    `import { fileTest } from '@jarvis-load/k6-scenarios/file';`,
    `const test = fileTest(file, ${JSON.stringify(run)});`,
    'export const options = test.options;',
    'export const setup = test.setup;',
    'export const teardown = test.teardown;',
    'export default test.run;',
  ].join('\n');
}

/** In k6, `@jarvis-load/engine` of the file is the part of it that k6 can do. @param missing receives modules of Node, and who imports them */
function engineOfK6(missing: Map<string, string>): Plugin {
  return {
    name: 'k6',
    setup({ onResolve, resolve: find }) {
      onResolve({ filter: /^[^./]/ }, async (args): Promise<OnResolveResult | undefined> => {
        const { path, kind, importer, resolveDir, pluginData } = args;
        // A request of this function itself, below: esbuild calls it again.
        if (pluginData === missing || path === 'k6' || path.startsWith('k6/')) return undefined;
        if (isBuiltin(path)) {
          missing.set(path, importer);
          return { errors: [{ text: `Could not resolve "${path}"` }] };
        }
        const request = { kind, importer, pluginData: missing };
        if (path === '@jarvis-load/engine') {
          return find('@jarvis-load/k6-scenarios/file/engine', { ...request, resolveDir: HERE });
        }
        const found = await find(path, { ...request, resolveDir });
        if (found.errors.length === 0 || !OWN_PACKAGES.test(path)) return found;
        const own = await find(path, { ...request, resolveDir: HERE });
        return own.errors.length === 0 ? own : found;
      });
    },
  };
}
