// @ts-check
/**
 * `npm run setup:peers [-- name ...]`: installs the missing programs of `peers/catalogue.js`, pinned under `.peers` or
 * from Debian. Does nothing when run again. Exits with 1 when a program could not be installed, and prints what to do.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerNames, peers } from './peers/catalogue.js';
import { findOnPath, findOwn, peersFolder } from './peers/find-peer.js';
import {
  installedVersion,
  installWithApt,
  installWithGo,
  installWithNpm,
  installWithPython,
} from './peers/install.js';

/** @typedef {import('./peers/catalogue.js').PeerName} PeerName */

/** Records what was installed here, and the versions of the Debian programs. */
const recordFile = join(peersFolder, 'versions.json');

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in peers));
if (unknown.length > 0) {
  console.error(`setup:peers knows no ${unknown.join(', ')}; it knows ${peerNames.join(', ')}.`);
  process.exit(2);
}
const selected = wanted.length > 0 ? peerNames.filter((name) => wanted.includes(name)) : peerNames;

/** @type {Partial<Record<PeerName, string>>} */
const record = readRecord();
/** @type {string[]} */
const problems = [];

attempt(() => {
  const packages = selected.filter((name) => peers[name].from === 'debian' && !isInstalled(name));
  if (packages.length === 0) return;
  console.log(`installing ${packages.join(', ')} from Debian...`);
  installWithApt(packages.map((name) => peers[name].package));
});
for (const name of selected) {
  const { from, version } = peers[name];
  if (from !== 'debian' && !isInstalled(name)) {
    attempt(() => {
      console.log(
        `installing ${name} ${version}${from.startsWith('go') ? ', from source: a minute or two' : ''}...`,
      );
      if (from === 'python') installWithPython(name);
      else if (from === 'npm') installWithNpm(name);
      else installWithGo(name);
      if (version !== undefined) record[name] = version;
    });
  }
}

for (const name of selected) {
  if (peers[name].version === undefined) {
    const version = installedVersion(name);
    if (version === undefined) delete record[name];
    else record[name] = version;
  }
  const path = findOwn(name) ?? findOnPath(name);
  console.log(
    `${name.padEnd(18)}${path === undefined ? 'missing' : `${record[name] ?? peers[name].version}  ${path}`}`,
  );
}
mkdirSync(peersFolder, { recursive: true });
writeFileSync(recordFile, `${JSON.stringify(record, undefined, 2)}\n`);

for (const problem of problems) console.error(`setup:peers: ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

/**
 * A pinned peer must be installed by us in that version, or be on the PATH in that version (not of npm); any version from Debian is
 * accepted.
 *
 * @param {PeerName} name
 */
function isInstalled(name) {
  const { from, version } = peers[name];
  if (version === undefined) return findOnPath(name) !== undefined;
  if (findOwn(name) !== undefined) return record[name] === version;
  // A server such as mock-llm starts whatever it is asked.
  if (from === 'npm') return false;
  return installedVersion(name) === version;
}

function attempt(/** @type {() => void} */ install) {
  try {
    install();
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(recordFile, 'utf8'));
  } catch {
    return {};
  }
}
