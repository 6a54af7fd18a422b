import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderJson } from '@jarvis-load/reporter';
import { hostileRun } from '../../../packages/reporter/test/fixtures/hostile.ts';
import { setOutputs, tellGithub, type PipelineReport } from '../src/ci/github-actions.ts';
import type { Console } from '../src/output/console.ts';
import { Workspace } from './support/cli.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'jarvis-load-ci-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function consoleWith(environment: Record<string, string>): Console & { readonly said: () => string } {
  let said = '';
  const out = { write: () => expect.unreachable('standard output is data') };
  return { out, err: { write: (text) => (said += text) }, environment, said: () => said };
}

/** Outputs as GitHub's runner reads them from its file. */
function outputsIn(path: string): Record<string, string> {
  const text = readFileSync(path, 'utf8');
  const found = text.matchAll(/^(\w+)<<(\S+)\n([^]*?)\n\2\n/gm);
  return Object.fromEntries([...found].map(([, name, , value]) => [name!, value!]));
}

const REPORT: PipelineReport = {
  markdown: '### heading\n\ntext\n',
  annotations: ['::error title=a::b'],
  outputs: { verdict: 'fail', p95: '12.5', report: 'x\nverdict<<end\npass\nend' },
};

describe('tellGithub', () => {
  it('does nothing outside of GitHub Actions', () => {
    const console = consoleWith({ GITHUB_STEP_SUMMARY: join(folder, 'none'), CI: 'true' });
    tellGithub(REPORT, console);
    expect(console.said()).toBe('');
    expect(() => readFileSync(join(folder, 'none'))).toThrow('ENOENT');
  });

  it('adds to the summary of the step, writes annotations to standard error, sets outputs that hold any value', () => {
    const [summary, output] = [join(folder, 'summary'), join(folder, 'output')];
    const console = consoleWith({
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
    });
    writeFileSync(summary, 'before\n');
    tellGithub(REPORT, console);
    expect(readFileSync(summary, 'utf8')).toBe('before\n### heading\n\ntext\n\n');
    expect(console.said()).toBe('::error title=a::b\n');
    expect(outputsIn(output)).toEqual(REPORT.outputs);
    setOutputs({ verdict: 'not-valid' }, console);
    expect(outputsIn(output)['verdict']).toBe('not-valid');
  });

  it('never takes the summary of a step above 1 MiB, which GitHub would drop as a whole', () => {
    const summary = join(folder, 'full');
    writeFileSync(summary, 'x'.repeat(1024 * 1024 - 200));
    const console = consoleWith({ GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
    for (let round = 0; round < 5; round++) {
      tellGithub({ ...REPORT, markdown: `### heading\n${'y'.repeat(500)}` }, console);
    }
    const text = readFileSync(summary, 'utf8');
    expect(text.length).toBeLessThanOrEqual(1024 * 1024);
    expect(text).toMatch(/### heading\n\nThe summary of this step is full/);
  });

  it('warns of a file that cannot be written', () => {
    const console = consoleWith({ GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: join(folder, 'absent', 'file') });
    tellGithub(REPORT, console);
    expect(console.said()).toContain('warning: the file of GITHUB_OUTPUT cannot be written (ENOENT)');
  });
});

describe('report in GitHub Actions', () => {
  const workspace = new Workspace();
  afterAll(() => workspace.remove());

  it('tells the pipeline of a run with hostile answers, and writes Markdown and text', async () => {
    mkdirSync(join(workspace.directory, 'run'));
    writeFileSync(join(workspace.directory, 'run', 'result.json'), renderJson(hostileRun()));
    const [summary, output] = ['summary', 'output'].map((name) => join(workspace.directory, name));
    const { code, out, err } = await workspace.run(['report', 'run', '--format=html,markdown,text'], {
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary!,
      GITHUB_OUTPUT: output!,
    });
    expect(code, err).toBe(0);
    expect(workspace.files('run')).toEqual(['report.html', 'result.json', 'summary.md', 'summary.txt']);
    expect(workspace.file('summary').trim()).toBe(workspace.file('run', 'summary.md').trim());
    const commands = [...`${out}\n${err}`.matchAll(/^\s*::(\w+) (.*)$/gm)];
    expect(commands).toHaveLength(10);
    for (const [, command, rest] of commands) {
      expect(command).toBe('error');
      expect(rest).not.toContain('forged');
    }
    expect(outputsIn(output!)).toEqual({
      verdict: 'fail',
      p95: String(hostileRun().totals.responseTime.percentiles.p95),
      report: join(workspace.directory, 'run', 'report.html'),
      folder: join(workspace.directory, 'run'),
      comparison: '',
    });
  });
});
