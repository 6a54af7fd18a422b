import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { findPeer, peersFolder } from '../../../../tools/peers/find-peer.js';
import { installedVersion } from '../../../../tools/peers/install.js';

/** @typedef {import('../../../../tools/peers/catalogue.js').PeerName} PeerName */

/**
 * The path of a program that a benchmark cannot do without.
 * @param {PeerName} name
 */
export function requireProgram(name) {
  const found = findPeer(name);
  if (found === undefined) {
    throw new Error(`${name} is missing: run \`npm run setup:peers -- ${name}\`, or put it on the PATH`);
  }
  return found.path;
}

/**
 * The path of a peer, or undefined after saying that its row is left out.
 * @param {PeerName} name
 */
export function optionalProgram(name) {
  const found = findPeer(name);
  if (found === undefined)
    console.log(`\n(no ${name}: its row is missing; \`npm run setup:peers -- ${name}\`)`);
  return found?.path;
}

/** Path of autocannon, a development dependency. */
export function autocannonProgram() {
  return createRequire(import.meta.url).resolve('autocannon/autocannon.js');
}

/**
 * What a table was made with, as one line under it.
 * @param {readonly (PeerName | 'autocannon')[]} names
 */
export function environmentLine(names) {
  const versions = names.map((name) => {
    const version =
      name === 'autocannon' ? autocannonVersion() : (pinnedVersion(name) ?? installedVersion(name));
    return `${name} ${version ?? 'missing'}`;
  });
  const date = new Date().toISOString().slice(0, 10);
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${date}, ${cpus().length} cores (${model}), Node ${process.versions.node}, ${versions.join(', ')}`;
}

/**
 * What `npm run setup:peers` wrote down: vegeta, built from source, does not know its own version.
 * @param {PeerName} name
 */
function pinnedVersion(name) {
  try {
    return JSON.parse(readFileSync(join(peersFolder, 'versions.json'), 'utf8'))[name];
  } catch {
    return undefined;
  }
}

function autocannonVersion() {
  const path = createRequire(import.meta.url).resolve('autocannon/package.json');
  return /** @type {{ version: string }} */ (JSON.parse(readFileSync(path, 'utf8'))).version;
}

/** Whether programs can be pinned to cores on this machine. */
export function canPin() {
  return cpus().length >= 2 && spawnSync('taskset', ['--version']).status === 0;
}
