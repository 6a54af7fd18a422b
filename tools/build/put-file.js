// @ts-check
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file of a build, in one step, and only where its content differs: a program that runs from the build meanwhile
 * finds each file whole, and one that is up to date is left alone.
 *
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function putFile(path, content) {
  const bytes = Buffer.from(content);
  if (present(path)?.equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}

function present(/** @type {string} */ path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
