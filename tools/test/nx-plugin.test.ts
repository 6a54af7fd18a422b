import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { postTasksExecution, preTasksExecution, typedTarget } from '../nx-plugin/index.js';

describe('the target as it was typed', () => {
  it.each([
    ['run cli:load --target=mock', 'mock'],
    ['run cli:load --target mock --users=3', 'mock'],
    ['run cli:load -t mock', 'mock'],
    ['run cli:load -t=mock', 'mock'],
    ['run cli:load --users=3 --target=http://127.0.0.1:8100/?a=b', 'http://127.0.0.1:8100/?a=b'],
    ['run @jarvis-load/cli:load:mock --target=local', 'local'],
    ['run cli:load --target=mock --target=local', 'local'],
    ['load cli --target=mock', 'mock'],
    ['run cli:load -- --target=mock', 'mock'],
  ])('is read from nx %s', (line, target) => {
    expect(typedTarget(line.split(' '))).toBe(target);
  });

  it.each([
    'run cli:load',
    'run cli:load --targets=mock',
    'run --project=cli --target=load',
    'run-many --target=build',
    'affected -t test',
    '--version',
    '',
  ])('is absent from nx %s', (line) => {
    expect(typedTarget(line.split(' '))).toBeUndefined();
  });
});

describe('the hook', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('sets the variable that the command line falls back to', () => {
    vi.stubEnv('JARVIS_LOAD_TARGET', 'before');
    preTasksExecution(undefined, { argv: ['node', 'nx', 'run', 'cli:load', '--target=mock'] });
    expect(process.env['JARVIS_LOAD_TARGET']).toBe('mock');
  });

  it('leaves the variable alone when no target was typed', () => {
    vi.stubEnv('JARVIS_LOAD_TARGET', 'before');
    preTasksExecution(undefined, { argv: ['node', 'nx', 'run', 'cli:load'] });
    expect(process.env['JARVIS_LOAD_TARGET']).toBe('before');
  });
});

describe('the last lines of a run', () => {
  const workspaceRoot = mkdtempSync(join(tmpdir(), 'jarvis-load-plugin-'));
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  afterEach(() => {
    vi.unstubAllEnvs();
    write.mockClear();
    rmSync(workspaceRoot, { recursive: true, force: true });
  });

  it('are printed once more after the words of Nx, and not kept', async () => {
    vi.stubEnv('JARVIS_LOAD_LAST_LINES', undefined);
    const context = { argv: ['node', 'nx', 'run', 'cli:load'], id: '17', workspaceRoot };
    preTasksExecution(undefined, context);
    const path = process.env['JARVIS_LOAD_LAST_LINES']!;
    writeFileSync(path, 'PASS\nreport results/1/report.html\n');
    await postTasksExecution(undefined, context);
    expect(write.mock.calls.map(([text]) => text)).toEqual(['PASS\nreport results/1/report.html\n']);
    expect(existsSync(path)).toBe(false);
    await postTasksExecution(undefined, context);
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('are not asked for where Nx runs many tasks', () => {
    vi.stubEnv('JARVIS_LOAD_LAST_LINES', undefined);
    preTasksExecution(undefined, {
      argv: ['node', 'nx', 'run-many', '-t', 'build'],
      id: '18',
      workspaceRoot,
    });
    expect(process.env['JARVIS_LOAD_LAST_LINES']).toBeUndefined();
  });
});
