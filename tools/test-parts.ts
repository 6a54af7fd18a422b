import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Modules that a test imports to use sockets, processes, threads or a browser. */
const REAL_THINGS =
  /^node:(child_process|dns|http|http2|https|net|tls|worker_threads)$|^playwright-core$|^xmllint-wasm$/;
const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;
/** The mock listens on a socket, and a test file is compiled by a process, against built packages, although the test itself imports neither; bundles for k6 are built. */
const STARTERS = /\b(startMock|spawnMock|chooseTests|OfferedSuites|bundleOf)\b/;
/** A path into what the build makes. */
const BUILT = /['"`](?:\.\.\/)+(?:[\w-]+\/)*dist\//;

/**
 * The tests of a package that are pure or run on a virtual clock: neither they nor their imports from the test folders
 * use a socket, a process, a thread or a browser. Paths relative to the package.
 */
export function fastTests(packageFolder: string): string[] {
  const folder = join(packageFolder, 'test');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts') && !usesRealThings(join(folder, name), new Set()))
    .map((name) => `test/${name}`);
}

function usesRealThings(file: string, seen: Set<string>): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  if (STARTERS.test(source) || BUILT.test(source)) return true;
  return [...source.matchAll(IMPORT)].some(([, specifier = '']) => {
    if (REAL_THINGS.test(specifier)) return true;
    const imported = join(dirname(file), specifier);
    const isOfTests = specifier.startsWith('.') && /\/(test|tools\/peers)\//.test(imported);
    return isOfTests && existsSync(imported) && usesRealThings(imported, seen);
  });
}
