import { peers, type PeerName } from './catalogue.js';
import { findPeer } from './find-peer.js';

/** Peers already reported as missing, so that each test file reports one only once. */
const reported = new Set<PeerName>();

/**
 * The path of a peer for a test that cannot do without, or undefined when the test has to be skipped:
 *
 * @example
 * const k6 = requirePeer('k6');
 * it.skipIf(k6 === undefined)('gives the same counts as k6', async () => { ... });
 *
 * Prints what is missing and how to get it. Under `CI=true` a missing peer is an error: a check that silently did not run
 * must not look like one that passed.
 */
export function requirePeer(name: PeerName): string | undefined {
  const found = findPeer(name);
  if (found) return found.path;

  const message = missingPeer(name);
  if (process.env['CI'] === 'true') throw new Error(message);
  if (!reported.has(name)) console.warn(`SKIPPED: ${message}`);
  reported.add(name);
  return undefined;
}

/** Message that names the missing peer and how to install it. */
function missingPeer(name: PeerName): string {
  const { package: source, version = 'any version', from, programs } = peers[name];
  const origin = {
    go: 'Go module',
    'go-source': 'Go module of tools/peers',
    python: 'Python package',
    npm: 'npm package',
    debian: 'Debian package',
  }[from];
  return (
    `${name} is missing (${origin} ${source}, ${version}). ` +
    `Run \`npm run setup:peers -- ${name}\`, or put ${programs[0]} on the PATH.`
  );
}
