// @ts-check
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';

/**
 * Beside what a bundler makes: its files, relative to `dist`. `apps/cli/bin/ensure-built.js` looks for each of them.
 */
const LIST = 'bundled.json';

/** Files so far, by their `dist`. @type {Map<string, Set<string>>} */
const put = new Map();

process.once('exit', (code) => {
  // A build that failed has not written all of them.
  if (code !== 0) return;
  for (const [dist, files] of put) write(dist + LIST, Buffer.from(`${JSON.stringify([...files].sort())}\n`));
});

/**
 * Writes an output file of a build atomically, and only if its content differs: a program running from the build never
 * reads a partial file, and unchanged files keep their time. At the end of the process `dist` has a list of them.
 *
 * @param {string} path
 * @param {string | Uint8Array} content
 */
export function putFile(path, content) {
  const end = path.lastIndexOf(`${sep}dist${sep}`);
  if (end >= 0) {
    const dist = path.slice(0, end + 6);
    const files = put.get(dist) ?? new Set();
    put.set(dist, files.add(relative(dist, path).replaceAll(sep, '/')));
  }
  write(path, Buffer.from(content));
}

function write(/** @type {string} */ path, /** @type {Buffer} */ bytes) {
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
