import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requirePeer } from '../peers/require-peer.ts';

const root = join(import.meta.dirname, '..', '..');
const hadolint = requirePeer('hadolint');
const validate = requirePeer('kubernetes-validate');

function run(program: string, words: readonly string[]): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('what is deployed', () => {
  it.skipIf(hadolint === undefined)('has a Dockerfile in which hadolint finds nothing', () => {
    expect(run(hadolint!, ['Dockerfile'])).toEqual({ status: 0, said: '' });
  });

  it.skipIf(validate === undefined)(
    'has manifests that keep the published schemas of Kubernetes, without unknown fields',
    () => {
      const folder = 'examples/kubernetes';
      const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.yaml'));
      expect(files).toEqual(['locust.yaml', 'split.yaml']);
      const { status, said } = run(validate!, ['--strict', ...files.map((name) => `${folder}/${name}`)]);
      expect(status, said).toBe(0);
    },
    60_000,
  );
});
