/** For tests and benchmarks of any package: the external programs to compare with or to test against. */
export type { PeerName } from './peers/catalogue.js';
export { findPeer } from './peers/find-peer.js';
export { requirePeer } from './peers/require-peer.ts';
