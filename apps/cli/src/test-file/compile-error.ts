import { readFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { Message } from 'esbuild';
import type { CliError } from '../cli-error.ts';
import type { SourcePlace } from './code-frame.ts';
import { fileError } from './file-error.ts';

function placeOf({ location }: Message, path: string): SourcePlace | undefined {
  if (location === null) return undefined;
  return {
    path: resolve(dirname(path), location.file),
    line: location.line,
    column: location.column + 1,
  };
}

/** The error for a file that the compiler rejects. */
export function compileError(message: Message, given: string, path: string, cwd: string): CliError {
  const place = placeOf(message, path);
  const [, specifier] = /^Could not resolve "([^"]*)"/.exec(message.text) ?? [];
  if (specifier === undefined) {
    const isData = message.text.startsWith('No loader is configured');
    const next = isData
      ? "read it as data: feeder.csv(new URL('./users.csv', import.meta.url), ...), or readFileSync of node:fs"
      : 'correct the line';
    return fileError({ code: 'file-syntax', problem: `${given}: ${message.text}`, place, next }, cwd);
  }
  if (specifier === 'k6' || specifier.startsWith('k6/'))
    return fileError(
      {
        code: 'file-import',
        problem: `${given}: imports "${specifier}", a module that only k6 has`,
        place,
        expected: "requests of the user: import { defineScenario } from '@jarvis-load/engine'",
        next: 'docs/guides/coming-from.md shows the same things here; a script for k6 is run by k6 run',
      },
      cwd,
    );
  const isFile = /^[./]/.test(specifier);
  const packageName = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return fileError(
    {
      code: 'file-import',
      problem: `${given}: cannot find ${isFile ? 'the file' : 'the package'} "${specifier}"`,
      place,
      expected: isFile
        ? `a file at that path, seen from ${place === undefined ? given : 'the file that imports it'}${extname(specifier) === '' ? ', with its extension' : ''}`
        : `a package in node_modules, seen from the folder of ${given}`,
      next: isFile ? 'correct the path' : `npm install ${packageName}, or correct the name`,
    },
    cwd,
  );
}

/** The error for a file that exports the CommonJS way. */
export function commonJsError(given: string, path: string, cwd: string): CliError {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  const line = lines.findIndex((text) => /\b(module\.exports|exports\.\w+\s*=|require\()/.test(text));
  return fileError(
    {
      code: 'file-commonjs',
      problem: `${given}: a CommonJS module; tests are ES modules`,
      place: line < 0 ? undefined : { path, line: line + 1, column: 1 + lines[line]!.search(/\S/) },
      expected: 'import in place of require, and export default in place of module.exports',
      next: 'export default defineScenario({ ... })',
    },
    cwd,
  );
}
