import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
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

/** Runs the recipe's commands with programs that only end with a code; `load` leaves a run behind as ours does. */
function runRecipe(load: number) {
  const at = mkdtempSync(join(folder, 'job-'));
  const programs = join(at, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'npm'), '#!/bin/sh\n', { mode: 0o755 });
  const leaves =
    'mkdir -p load-results/run && echo {} > load-results/run/result.json && ln -s run load-results/latest';
  const wrote = [0, 97, 98, 99].includes(load);
  writeFileSync(
    join(programs, 'npx'),
    `#!/bin/sh\n${wrote ? leaves : 'mkdir -p load-results'}\nexit ${load}\n`,
    {
      mode: 0o755,
    },
  );
  const { 'load-test': job } = parse(readFileSync(RECIPE, 'utf8')) as { 'load-test': { script: string[] } };
  const { status } = spawnSync('sh', ['-e', '-c', job.script.join('\n')], {
    cwd: at,
    env: { PATH: `${programs}:${process.env['PATH']}`, CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' },
  });
  return { status, kept: existsSync(join(at, 'load-baseline', 'result.json')) };
}

it.each([
  [0, true],
  [2, false],
  [3, false],
  [4, false],
  [98, false],
  [99, true],
])('the recipe for GitLab ends as the load does, with %i, and keeps a valid run for later', (load, kept) => {
  expect(runRecipe(load)).toEqual({ status: load, kept });
});

describe.skipIf(checker === undefined)('the recipe for GitLab', () => {
  it('fits the schema of GitLab for pipelines, which finds a wrong word', () => {
    expect(faults(RECIPE)).toBe('');
    const wrong = join(folder, 'gitlab-ci.yml');
    writeFileSync(wrong, readFileSync(RECIPE, 'utf8').replace('when: always', 'when: allways'));
    expect(faults(wrong)).toContain("'allways' is not one of");
  });
});
