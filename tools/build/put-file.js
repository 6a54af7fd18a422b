// @ts-check
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes an output file of a build atomically, and only if its content differs: a program running from the build never
 * reads a partial file, and unchanged files keep their time.
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
