import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '@jarvis-load/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** Runs the commands as users type them, with the real Nx of this workspace. */
const root = join(import.meta.dirname, '..', '..', '..');

let reports: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), 'jarvis-load-nx-'));
});

afterEach(() => {
  for (const { pid } of started.splice(0).flatMap((child) => tree(child.pid ?? 0)))
    process.kill(pid, 'SIGKILL');
  rmSync(reports, { recursive: true, force: true });
});

/** Runs `npx nx <words>` without the environment of an Nx that runs this test. */
function nx(...words: string[]) {
  const outer = Object.entries(process.env).filter(([key]) => !/^(NX|JARVIS_LOAD)_/.test(key));
  const child = spawn(process.execPath, [join(root, 'node_modules', '.bin', 'nx'), ...words], {
    cwd: root,
    env: { ...Object.fromEntries(outer), NX_DAEMON: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
  }
  const exit = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  return { child, exit, output: () => output };
}

/** Every running process, from ps. */
function processes() {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row) ?? [])
    .map(([, pid, parent, state = 'Z', program = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      state,
      program,
    }))
    .filter(({ state }) => !state.startsWith('Z'));
}

/**
 * A process and its descendants: Nx, its shell, the command line, the mock. Nx runs tasks in their own process group.
 */
function tree(pid: number) {
  const all = processes();
  const found = all.filter((one) => one.pid === pid);
  for (const { pid: above } of found) found.push(...all.filter(({ parent }) => parent === above));
  return found;
}

function latestResult(): RunResult {
  return JSON.parse(readFileSync(join(reports, 'latest', 'result.json'), 'utf8')) as RunResult;
}

describe('nx run cli:load', () => {
  it('hands --target and the flags behind it on, shell characters and all', async () => {
    const { code, output } = await nx(
      'run',
      'cli:load',
      '--target=mock',
      '--scenario=chat-user',
      '--users',
      '3',
      '--duration=3s',
      '--seed=7',
      '--set',
      'mock.preset=fast',
      '--threshold=http_reqs{scenario:chat-user}:count>0',
      `--report-dir=${reports}`,
    ).exit;

    const result = latestResult();
    expect(result.target.name).toBe('mock');
    expect(result.run.seed).toBe(7);
    expect(result.config).toMatchObject({ users: 3 });
    expect(result.thresholds.map(({ expression }) => expression)).toContain('count>0');
    expect(result.totals.requests).toBeGreaterThan(0);
    expect(output).toContain(result.run.id);
    // Nx's own words come before the verdict and the path of the report.
    const lastWords = output.split(/ NX {3}[^\n]*/).at(-1);
    expect(lastWords).toMatch(/(PASS|FAIL|NOT VALID)[^]*report\.html\s*$/);
    // Nx exits with 1 for every failure, including 98 and 99.
    expect(code).toBe(result.verdict.status === 'pass' ? 0 : 1);
  });

  it('hands on a URL, and fails when nothing answers there', async () => {
    const { code, output } = await nx('run', 'cli:load', '--target=http://127.0.0.1:9', '--quiet').exit;
    expect(code, output).toBe(1);
    expect(output).toContain('http://127.0.0.1:9');
  });

  it('writes the reports on SIGTERM, and leaves no process behind', async () => {
    const run = nx('run', 'cli:load:mock', '--duration=60s', '--users=3', `--report-dir=${reports}`);
    await vi.waitUntil(() => /^\s*0:0[4-9]/m.test(run.output()), { timeout: 40_000, interval: 200 });
    const running = tree(run.child.pid as number);
    const programs = running.map(({ program }) => program).join('\n');
    expect(programs).toMatch(/jarvis-load\.js load --target=mock/);
    expect(programs).toMatch(/mock-jarvis/);

    run.child.kill('SIGTERM');
    await run.exit;
    const left = processes().filter(({ pid }) => running.some((one) => one.pid === pid));
    expect(left).toEqual([]);
    expect(latestResult().run.end.kind).toBe('aborted');
    expect(existsSync(join(reports, 'latest', 'report.html'))).toBe(true);
  });
});
