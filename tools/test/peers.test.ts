import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { peerNames, peers } from '../peers/catalogue.js';
import { findOnPath } from '../peers/find-peer.js';
import { requirePeer } from '../peers.ts';

// The test sets its own PATH, and this peer is never under `.peers`, so it does not matter whether this machine has it.
const peer = 'wrk';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarvis-load-peers-'));
  vi.stubEnv('PATH', folder);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function install(mode: number): string {
  const path = join(folder, peer);
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

describe('finding a peer', () => {
  it('takes a program on the PATH', () => {
    expect(findOnPath(peer)).toBeUndefined();
    const path = install(0o755);
    expect(findOnPath(peer)).toBe(path);
    expect(requirePeer(peer)).toBe(path);
  });

  it('passes over a file that cannot be run', () => {
    install(0o644);
    expect(findOnPath(peer)).toBeUndefined();
  });
});

describe('a test whose peer is missing', () => {
  it('is skipped with a line that says what is missing and how to get it', () => {
    vi.stubEnv('CI', '');
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    expect(requirePeer(peer)).toBeUndefined();
    expect(warn.mock.calls).toEqual([
      [
        'SKIPPED: wrk is missing (Debian package wrk, any version). ' +
          'Run `npm run setup:peers -- wrk`, or put wrk on the PATH.',
      ],
    ]);
  });

  it('fails under CI=true', () => {
    vi.stubEnv('CI', 'true');
    expect(() => requirePeer(peer)).toThrow('wrk is missing');
  });
});

it('pins each peer whose source keeps old versions', () => {
  const unpinned = peerNames.filter((name) => peers[name].version === undefined);
  expect(unpinned.filter((name) => peers[name].from !== 'debian')).toEqual([]);
});
