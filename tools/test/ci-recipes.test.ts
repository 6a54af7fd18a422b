import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { requirePeer } from '../peers.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples', 'ci');
const RECIPE = join(EXAMPLES, 'gitlab-ci.yml');
const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-recipes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const checker = requirePeer('check-jsonschema');

/** @returns what the published schema of GitLab forbids in a file */
function faults(path: string): string {
  const schema = ['--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci'];
  const { status, stdout, stderr } = spawnSync(checker!, [...schema, path], { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

/** The commands of the recipe for GitLab. */
const gitlabScript = (): string =>
  (parse(readFileSync(RECIPE, 'utf8')) as { 'load-test': { script: string[] } })['load-test'].script.join(
    '\n',
  );

/** The commands of the recipe for Jenkins, in their order; the exit code of the load is asked for, as `returnStatus` does. */
function jenkinsScript(): string {
  const text = readFileSync(join(EXAMPLES, 'Jenkinsfile'), 'utf8');
  const steps = [...text.matchAll(/\bsh(?: '([^']*)'|\(returnStatus: true, script: '''([^]*?)'''\))/g)];
  expect(steps.filter(([, , load]) => load !== undefined)).toHaveLength(1);
  return steps.map(([, command, load]) => command ?? `(\n${load}) || status=$?`).join('\n');
}

/**
 * Runs a recipe's commands with programs that only end with a code; `load` leaves a run behind as ours does. The folder has the
 * results of a job before.
 */
function runRecipe(script: string, load: number, npm = 0) {
  const at = mkdtempSync(join(folder, 'job-'));
  for (const before of ['load-results/before', 'load-report']) {
    mkdirSync(join(at, before), { recursive: true });
    writeFileSync(join(at, before, 'result.json'), '{"of":"the job before"}');
  }
  symlinkSync('before', join(at, 'load-results', 'latest'));
  const programs = join(at, 'bin');
  mkdirSync(programs);
  writeFileSync(join(programs, 'npm'), `#!/bin/sh\nexit ${npm}\n`, { mode: 0o755 });
  const leaves =
    'mkdir -p load-results/run && echo {} > load-results/run/result.json && ln -sfn run load-results/latest';
  const wrote = [0, 97, 98, 99].includes(load);
  writeFileSync(
    join(programs, 'npx'),
    `#!/bin/sh\n${wrote ? leaves : 'mkdir -p load-results'}\nexit ${load}\n`,
    {
      mode: 0o755,
    },
  );
  const { status } = spawnSync('sh', ['-e', '-c', script], {
    cwd: at,
    env: { PATH: `${programs}:${process.env['PATH']}`, CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' },
  });
  const published = join(at, 'load-report', 'result.json');
  return {
    status,
    kept: existsSync(join(at, 'load-baseline', 'result.json')),
    published: existsSync(published) ? readFileSync(published, 'utf8').trim() : undefined,
  };
}

it.each([
  [0, true],
  [2, false],
  [3, false],
  [4, false],
  [98, false],
  [99, true],
])('the recipe for GitLab ends as the load does, with %i, and keeps a valid run for later', (load, kept) => {
  expect(runRecipe(gitlabScript(), load)).toMatchObject({ status: load, kept });
});

it.each([
  ['GitLab', gitlabScript],
  ['Jenkins', jenkinsScript],
] as const)('the recipe for %s never publishes the run of the job before', (_, script) => {
  expect(runRecipe(script(), 99).published).toBe('{}');
  expect(runRecipe(script(), 0, 1)).toMatchObject({ status: 1, published: undefined });
  for (const load of [2, 3, 4])
    expect([load, runRecipe(script(), load).published]).toEqual([load, undefined]);
});

describe.skipIf(checker === undefined)('the recipe for GitLab', () => {
  it('fits the schema of GitLab for pipelines, which finds a wrong word', () => {
    expect(faults(RECIPE)).toBe('');
    const wrong = join(folder, 'gitlab-ci.yml');
    writeFileSync(wrong, readFileSync(RECIPE, 'utf8').replace('when: always', 'when: allways'));
    expect(faults(wrong)).toContain("'allways' is not one of");
  });
});
