// @ts-check
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peers } from './catalogue.js';

/** Where `npm run setup:peers` puts what it installs itself. */
export const peersFolder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), '.peers');

/** Where k6 and vegeta go. */
export const goFolder = join(peersFolder, 'bin');

/** The virtual environment of Locust. */
export const pythonFolder = join(peersFolder, 'python');

/** Debian's servers live where only root's PATH leads. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Where a peer is: the pinned one under `.peers` when it is there, else one on the PATH.
 *
 * @param {import('./catalogue.js').PeerName} name
 * @returns {{ path: string } | undefined}
 */
export function findPeer(name) {
  const path = findOwn(name) ?? findOnPath(name);
  return path === undefined ? undefined : { path };
}

/**
 * The peer as `npm run setup:peers` installed it.
 *
 * @param {import('./catalogue.js').PeerName} name
 * @returns {string | undefined}
 */
export function findOwn(name) {
  return firstProgram([goFolder, join(pythonFolder, 'bin')], peers[name].programs);
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
