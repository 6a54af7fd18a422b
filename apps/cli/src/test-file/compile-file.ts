import { isUtf8 } from 'node:buffer';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, Loader, OnResolveResult, Plugin } from 'esbuild';
import { commonJsError, compileError } from './compile-error.ts';
import { findTestFile } from './find-file.ts';
import { withEsbuild } from './with-esbuild.ts';

/** A test file as every thread of a run loads it; plain data, as it is sent to threads. */
export interface CompiledFile {
  /** As the person named it. */
  readonly given: string;
  /** Absolute path. */
  readonly path: string;
  /** URL of the compiled module, with an inline source map. */
  readonly module: string;
  /** Absolute paths of the neighbours that it imports and, last, of the file: callers look there for its exports. */
  readonly sources: readonly string[];
  /** For paths in messages. */
  readonly cwd: string;
}

/** Packages that a test file may import without having them installed: those of this program. */
export const OWN_PACKAGES = /^(@jarvis-load\/[\w-]+|typebox)(\/|$)/;
const SOURCE = /\.([mc]?[jt]sx?|json)$/;
const TYPESCRIPT = /\.[mc]?tsx?$/;
const IMPORT_META = /\bimport\s*\.\s*meta\b/;
export const HERE = dirname(fileURLToPath(import.meta.url));

let folder: string | undefined;
let number = 0;
/** Absolute paths that the last compilation of a file has read, also where it failed. */
const read = new Map<string, Set<string>>();

/** The file and its neighbours, as far as the last compilation has read them. @param path absolute */
export function sourcesRead(path: string): readonly string[] {
  return [...(read.get(path) ?? [])];
}

/** One folder for the compiled files of this process; a run needs them until it ends. */
export function outputFolder(): string {
  if (folder === undefined) {
    const made = realpathSync(mkdtempSync(join(tmpdir(), 'jarvis-load-file-')));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/**
 * Compiles a test file and its neighbours to one module; packages stay what they are and are found from the file's
 * folder.
 *
 * @throws CliError exit 2 with place and code
 */
export async function compileFile(given: string, cwd: string): Promise<CompiledFile> {
  const path = findTestFile(given, cwd);
  const seen = new Set([path]);
  read.set(path, seen);
  const outfile = join(outputFolder(), `${++number}-${basename(path, extname(path))}.mjs`);
  try {
    const { metafile } = await withEsbuild(({ build }) =>
      build({
        absWorkingDir: dirname(path),
        entryPoints: [path],
        outfile,
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node20.19',
        // As Node resolves: no fields and conditions of bundlers.
        mainFields: ['main'],
        conditions: [],
        sourcemap: 'inline',
        metafile: true,
        logLevel: 'silent',
        // Neighbours in CommonJS.
        banner: {
          js: `import{createRequire as __createRequire}from'node:module';const require=__createRequire(${JSON.stringify(pathToFileURL(path).href)});`,
        },
        define: META_OF_SOURCE,
        plugins: [noteSources(seen), importMetaOfSource, packagesStayOutside],
      }),
    );
    const sources = Object.keys(metafile.inputs)
      .filter((name) => !name.startsWith(META))
      .map((name) => resolve(dirname(path), name));
    const real = realpathSync(path);
    const entry = Object.entries(metafile.inputs).find(([name]) =>
      [path, real].includes(resolve(dirname(path), name)),
    );
    if (entry?.[1].format === 'cjs') throw commonJsError(given, path, cwd);
    return { given, path, module: pathToFileURL(outfile).href, sources, cwd };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (first === undefined) throw error;
    throw compileError(first, given, path, cwd);
  }
}

/** Notes each source, and refuses one whose bytes are no UTF-8: with a source map esbuild does not end for it. */
function noteSources(seen: Set<string>): Plugin {
  return {
    name: 'sources',
    setup({ onLoad }) {
      onLoad({ filter: /^/, namespace: 'file' }, async ({ path }) => {
        seen.add(path);
        const bytes = SOURCE.test(path) ? await readFile(path) : undefined;
        if (bytes === undefined || isUtf8(bytes)) return undefined;
        const before = bytes.toString().split('\ufffd', 1)[0]!.split('\n');
        const location = { file: path, line: before.length, column: Buffer.byteLength(before.at(-1)!) };
        return { errors: [{ text: 'The file is not saved as UTF-8', location }] };
      });
    },
  };
}

/** Packages are imported by URL, found from the folder of the file that imports them, and keep their identity. */
const packagesStayOutside: Plugin = {
  name: 'packages',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^[^./]/ }, async (args): Promise<OnResolveResult | undefined> => {
      const { path, kind, importer, resolveDir, pluginData } = args;
      if (kind === 'entry-point' || pluginData === packagesStayOutside || isAbsolute(path)) return undefined;
      if (isBuiltin(path)) return { path, external: true };
      if (/^https?:/.test(path))
        return { errors: [{ text: 'An address cannot be imported; install the package with npm' }] };
      if (path.includes('://') || path.startsWith('data:')) return undefined;
      const request = { kind, importer, pluginData: packagesStayOutside };
      let found = await find(path, { ...request, resolveDir });
      if (found.errors.length > 0 && OWN_PACKAGES.test(path)) {
        const own = await find(path, { ...request, resolveDir: HERE });
        if (own.errors.length === 0) found = own;
      }
      // Sources of TypeScript, such as another package of a workspace, cannot be loaded by Node.
      if (
        found.errors.length > 0 ||
        found.external ||
        TYPESCRIPT.test(found.path) ||
        found.path.endsWith('.json')
      )
        return found;
      const isImport = kind === 'import-statement' || kind === 'dynamic-import';
      return { path: isImport ? pathToFileURL(found.path).href : found.path, external: true };
    });
  },
};

/** What `importMetaOfSource` imports in each source: a build that has the one needs the other. */
export const META_OF_SOURCE = {
  'import.meta.url': '__file_url',
  'import.meta.dirname': '__file_dirname',
  'import.meta.filename': '__file_filename',
};
const MADE_NAME = /\b__file_(url|dirname|filename)\b/;
const META = 'jarvis-load-meta:';

/** `import.meta` of each source is that of the source, not of the compiled module: files are read relative to it. */
export const importMetaOfSource: Plugin = {
  name: 'import-meta',
  setup({ onResolve, onLoad, esbuild }) {
    onLoad({ filter: /\.[mc]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!IMPORT_META.test(text)) return undefined;
      // As the build compiles it, with its tsconfig.json, and without its neighbours.
      const code = await esbuild
        .build({
          entryPoints: [path],
          write: false,
          define: META_OF_SOURCE,
          legalComments: 'none',
          logLevel: 'silent',
        })
        .then(
          ({ outputFiles }) => outputFiles[0]!.text,
          () => '',
        );
      // A line below would make a module of CommonJS. An error of syntax is reported by the build, at its place in the source.
      if (!MADE_NAME.test(code)) return undefined;
      const loader = extname(path).replace(/^\.[mc]?/, '') as Loader;
      const names = 'url as __file_url,dirname as __file_dirname,filename as __file_filename';
      // At the end, so that lines and columns of the source stay what they are.
      const contents = `${text}\nimport{${names}}from${JSON.stringify(META + path)};`;
      return { contents, loader, resolveDir: dirname(path) };
    });
    onResolve({ filter: new RegExp(`^${META}`) }, ({ path }) => ({
      path: path.slice(META.length),
      namespace: META,
    }));
    onLoad({ filter: /^/, namespace: META }, ({ path }) => {
      const values = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path };
      return {
        contents: Object.entries(values)
          .map(([name, value]) => `export const ${name}=${JSON.stringify(value)};`)
          .join(''),
      };
    });
  },
};
