import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { requirePeer } from '../peers.ts';

const RECIPE = join(import.meta.dirname, '..', '..', 'examples', 'ci', 'gitlab-ci.yml');
const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-recipes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const checker = requirePeer('check-jsonschema');

/** @returns what the published schema of GitLab forbids in a file */
function faults(path: string): string {
  const schema = ['--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci'];
  const { status, stdout, stderr } = spawnSync(checker!, [...schema, path], { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

describe.skipIf(checker === undefined)('the recipe for GitLab', () => {
  it('fits the schema of GitLab for pipelines, which finds a wrong word', () => {
    expect(faults(RECIPE)).toBe('');
    const wrong = join(folder, 'gitlab-ci.yml');
    writeFileSync(wrong, readFileSync(RECIPE, 'utf8').replace('when: always', 'when: allways'));
    expect(faults(wrong)).toContain("'allways' is not one of");
  });
});
