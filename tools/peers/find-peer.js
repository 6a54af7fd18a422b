// @ts-check
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from './catalogue.js';

/** Folder of the programs that `npm run setup:peers` installs itself. */
export const peersFolder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.peers');

/** Folder of k6 and vegeta. */
export const goFolder = join(peersFolder, 'bin');

/** The virtual environment of Locust. */
export const pythonFolder = join(peersFolder, 'python');

/** Folders of Debian's servers, which are only on root's PATH. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Where npm installs. */
export const npmFolder = join(peersFolder, 'npm');

/**
 * Path of a peer: the pinned one under `.peers` if installed, else one on the PATH.
 *
 * @param {import('./catalogue.js').PeerName} name
 * @returns {{ path: string } | undefined}
 */
export function findPeer(name) {
  const path = findOwn(name) ?? findOnPath(name);
  return path === undefined ? undefined : { path };
}

/**
 * Path of the peer installed by `npm run setup:peers`.
 *
 * @param {import('./catalogue.js').PeerName} name
 * @returns {string | undefined}
 */
export function findOwn(name) {
  const folders = [goFolder, join(pythonFolder, 'bin'), join(npmFolder, 'node_modules', '.bin')];
  return firstProgram(folders, peers[name].programs);
}

/**
 * @param {import('./catalogue.js').PeerName} name
 * @returns {string | undefined}
 */
export function findOnPath(name) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return firstProgram([...folders, ...systemFolders], peers[name].programs);
}

/**
 * @param {readonly string[]} folders
 * @param {readonly string[]} programs
 */
function firstProgram(folders, programs) {
  for (const program of programs) {
    for (const folder of folders) {
      const path = join(folder, program);
      if (isExecutable(path)) return path;
    }
  }
  return undefined;
}

function isExecutable(/** @type {string} */ path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
