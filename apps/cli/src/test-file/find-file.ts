import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { nearestName } from '@jarvis-load/engine';
import type { CliError } from '../cli-error.ts';
import { fileError } from './file-error.ts';

/** Extensions of a test file. */
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'];
const MOST_LISTED = 10;

const EXPECTED = 'a file of tests: .ts, .mts, .js or .mjs';
const FIRST_STEP = 'npx jarvis-load init writes a first one';

/** Whether a word of the command line means a test file rather than something else. */
export function looksLikeTestFile(word: string): boolean {
  return [...EXTENSIONS, '.cts', '.cjs'].includes(extname(word));
}

/**
 * The absolute path of a test file.
 *
 * @throws CliError exit 2
 */
export function findTestFile(given: string, cwd: string): string {
  const path = resolve(cwd, given);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw missing(given, path, cwd);
  if (stat.isDirectory()) throw isFolder(given, path, cwd);
  const extension = extname(path);
  if (extension === '.cts' || extension === '.cjs') {
    throw fileError(
      {
        code: 'file-commonjs',
        problem: `${given}: a CommonJS file (${extension}); tests are ES modules`,
        expected: 'import and export in place of require and module.exports',
        next: `rename it to ${basename(given, extension)}${extension.replace('c', 'm')}, and write export default`,
      },
      cwd,
    );
  }
  if (!EXTENSIONS.includes(extension)) {
    throw fileError(
      {
        code: 'file-kind',
        problem: `${given}: ${extension === '' ? 'a file without an extension' : `a ${extension} file`}`,
        expected: EXPECTED,
        next: FIRST_STEP,
      },
      cwd,
    );
  }
  return path;
}

function testsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isFile() && EXTENSIONS.includes(extname(entry.name)) && !entry.name.endsWith('.d.ts')
        ? [entry.name]
        : [],
    );
  } catch {
    return [];
  }
}

function missing(given: string, path: string, cwd: string): CliError {
  const beside = testsIn(dirname(path));
  const name = basename(path);
  // Also finds the file whose extension was left out.
  const near = beside.find((each) => basename(each, extname(each)) === name) ?? nearestName(name, beside);
  const place = dirname(given);
  return fileError(
    {
      code: 'file-missing',
      problem: `${given}: there is no such file`,
      expected:
        near === undefined ? EXPECTED : `did you mean ${place === '.' ? `./${near}` : join(place, near)}?`,
      next: near === undefined ? FIRST_STEP : undefined,
    },
    cwd,
  );
}

function isFolder(given: string, path: string, cwd: string): CliError {
  const inside = testsIn(path);
  const listed = inside.slice(0, MOST_LISTED).map((name) => join(given, name));
  return fileError(
    {
      code: 'file-folder',
      problem: `${given}: a folder${inside.length === 0 ? ' without a file of tests' : ''}`,
      expected: inside.length === 0 ? EXPECTED : `one file, such as ${listed.join(', ')}`,
      next: inside.length === 0 ? FIRST_STEP : undefined,
    },
    cwd,
  );
}
