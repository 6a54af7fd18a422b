import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { requirePeer } from '../peers.ts';
import { readAction, runAction } from './support/composite-action.ts';

const root = join(import.meta.dirname, '..', '..');
const action = readAction(join(root, 'action.yml'));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'jarvis-load-action-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const actionlint = requirePeer('actionlint');

/** @returns what actionlint complains of */
function lint(words: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(actionlint!, ['-no-color', ...words], {
    cwd: root,
    encoding: 'utf8',
    input,
  });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

describe.skipIf(actionlint === undefined)('actionlint', () => {
  it.each(['.github/workflows/ci.yml', 'examples/ci/github.yml'])('finds nothing in %s', (path) => {
    expect(lint([path])).toBe('');
  });

  // It reads workflows only, and of an action its inputs and outputs: the steps are given to it as those of a workflow.
  it('finds nothing in the steps of action.yml, nor in its outputs', () => {
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, { description, default: value }]) => [
        name,
        { description, type: 'string', default: value },
      ]),
    );
    const outputs = Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, value]),
    );
    const workflow = (steps: readonly unknown[]) =>
      stringify({
        on: { workflow_call: { inputs } },
        jobs: { test: { 'runs-on': 'ubuntu-latest', outputs, steps } },
      });
    expect(lint(['-'], workflow(action.runs.steps))).toBe('');
    const wrong = { run: 'true', if: "inputs.comparing == 'true'" };
    expect(lint(['-'], workflow([...action.runs.steps, wrong]))).toContain('"comparing" is not defined');
  });
});

describe('action.yml in a job', () => {
  const server = createServer((_, response) => void response.end('{}'));
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(() => void server.close());

  it(
    'runs, keeps the results, and compares a branch with the last run on main',
    { timeout: 180_000 },
    async () => {
      const run = (branch: string) => {
        const workspace = join(folder, branch);
        // Left by another load test of the job: no baseline of this one.
        mkdirSync(join(workspace, '.jarvis-load-baseline'), { recursive: true });
        writeFileSync(join(workspace, '.jarvis-load-baseline', 'result.json'), '{"of":"another"}');
        const test = {
          name: 'cart',
          operations: [{ name: 'cart', method: 'GET', route: '/cart' }],
          executor: { kind: 'constant-vus', vus: 2, duration: '3s' },
          thresholds: { http_req_duration: ['p(95)<60000'] },
        };
        const body = `run: async (user) => { await user.request({ operation: 'cart', path: '/cart' }); await user.think(0.02); }`;
        writeFileSync(
          join(workspace, 'cart.mjs'),
          `export default { ...${JSON.stringify(test)}, ${body} };\n`,
        );
        const { port } = server.address() as AddressInfo;
        const inputs = {
          target: `http://127.0.0.1:${port}`,
          arguments: `cart.mjs\n\n--tag=branch=${branch}`,
          'report-dir': 'load results',
        };
        return runAction(action, {
          actionPath: root,
          workspace,
          cache: join(folder, 'cache'),
          inputs,
          branch,
        });
      };
      const first = await run('main');
      expect(first.failed, first.log).toEqual([]);
      expect(first.outputs).toMatchObject({ verdict: 'pass', comparison: '' });
      expect(Number(first.outputs['p95'])).toBeGreaterThan(0);
      expect(relative(folder, first.artifact!)).toMatch(/^main\/load results\/[\w-]+$/);
      for (const name of ['report.html', 'stats.csv', 'junit.xml', 'summary.md', 'comment.md', 'result.json'])
        expect(existsSync(join(first.artifact!, name)), name).toBe(true);
      expect(first.summary).toContain('PASS');
      const saved = readFileSync(join(folder, 'cache', 'result.json'), 'utf8');

      const second = await run('feature');
      expect(second.failed, second.log).toEqual([]);
      expect(second.outputs['folder']).toBe(second.artifact);
      // A busy machine may make two runs that must not be compared: the comment says that then.
      const comment = readFileSync(second.outputs['comment']!, 'utf8');
      expect(second.outputs['comparison']).not.toBe('');
      expect(comment).toMatch(/^### .*Comparison: /m);
      expect(comment.startsWith(readFileSync(join(second.artifact!, 'summary.md'), 'utf8').trim())).toBe(
        true,
      );
      expect(second.steps).not.toContain('Save the baseline');
      expect(readFileSync(join(folder, 'cache', 'result.json'), 'utf8')).toBe(saved);
    },
  );
});
