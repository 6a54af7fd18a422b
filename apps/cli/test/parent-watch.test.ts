import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchParent } from '../src/run/parent-watch.ts';
import { PROGRAM, Workspace } from './support/cli.ts';

const NPM = { npm_command: 'exec' };

/** This process has id 4 and was started by `parent`; the test changes the table of processes. */
function tree(table: Record<number, { name: string; parent: number }>, parent: number) {
  const state = { table, parent };
  const stat = (pid: number) => state.table[pid];
  const first = { pid: parent, stat: stat(parent) };
  return {
    state,
    system: { first: () => first, parent: () => state.parent, stat },
  };
}

describe('watchParent', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('tells once that npm is gone, when the shell between them went with it', () => {
    const { state, system } = tree({ 2: { name: 'npm exec', parent: 1 }, 3: { name: 'sh', parent: 2 } }, 3);
    const gone = vi.fn<() => void>();
    watchParent(NPM, gone, system);
    vi.advanceTimersByTime(5000);
    expect(gone).not.toHaveBeenCalled();
    state.parent = 1;
    vi.advanceTimersByTime(5000);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('tells that npm is gone when the shell stays and gets another parent', () => {
    const { state, system } = tree({ 3: { name: 'sh', parent: 2 } }, 3);
    const gone = vi.fn<() => void>();
    watchParent(NPM, gone, system);
    state.table[3] = { name: 'sh', parent: 1 };
    vi.advanceTimersByTime(600);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('does not mind the parent of a parent that is no shell', () => {
    const { state, system } = tree({ 3: { name: 'node', parent: 2 } }, 3);
    const gone = vi.fn<() => void>();
    watchParent({ NX_TASK_TARGET_PROJECT: 'cli' }, gone, system);
    state.table[3] = { name: 'node', parent: 1 };
    vi.advanceTimersByTime(5000);
    expect(gone).not.toHaveBeenCalled();
  });

  it('watches the parent alone where the system tells nothing of other processes', () => {
    const { state, system } = tree({}, 3);
    const gone = vi.fn<() => void>();
    watchParent(NPM, gone, system);
    vi.advanceTimersByTime(5000);
    expect(gone).not.toHaveBeenCalled();
    state.parent = 1;
    vi.advanceTimersByTime(600);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('watches nothing when started by a shell, whose background jobs outlive it', () => {
    const { state, system } = tree({ 3: { name: 'bash', parent: 2 } }, 3);
    const gone = vi.fn<() => void>();
    watchParent({}, gone, system);
    state.parent = 1;
    vi.advanceTimersByTime(5000);
    expect(gone).not.toHaveBeenCalled();
  });

  it.each<[string, (state: ReturnType<typeof tree>['state']) => void]>([
    ['with the shell between them', (state) => (state.parent = 1)],
    ['and the shell stayed', (state) => (state.table[3] = { name: 'sh', parent: 1 })],
  ])('tells at once that npm has gone before the watch, %s', (_, go) => {
    const { state, system } = tree({ 3: { name: 'sh', parent: 2 } }, 3);
    go(state);
    const gone = vi.fn<() => void>();
    watchParent(NPM, gone, system);
    expect(gone).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(5000);
    expect(gone).toHaveBeenCalledOnce();
  });

  it('is over when its end is asked for', () => {
    const { state, system } = tree({}, 3);
    const gone = vi.fn<() => void>();
    watchParent(NPM, gone, system)();
    state.parent = 1;
    vi.advanceTimersByTime(5000);
    expect(gone).not.toHaveBeenCalled();
  });
});

describe('the parent that the launcher leaves to the program', () => {
  const KEY = "Symbol.for('jarvis-load.parent')";
  const workspace = new Workspace();
  afterAll(() => workspace.remove());

  it('is that of the start', async () => {
    const tell = `process.on('exit', () => console.error(globalThis[${KEY}].pid))`;
    const launcher = join(import.meta.dirname, '..', 'bin', 'jarvis-load.js');
    const through = [process.execPath, `--import=data:text/javascript,${encodeURIComponent(tell)}`, launcher];
    const { code, err } = await workspace.start(['--version'], {}, through).ended;
    expect(code).toBe(0);
    expect(err.trim().split('\n').at(-1)).toBe(String(process.pid));
  });

  it('ends the program when it was gone before the program began', async () => {
    const left = `globalThis[${KEY}] = { pid: 1, stat: '1 (npm exec) S 0' }`;
    const through = [process.execPath, `--import=data:text/javascript,${encodeURIComponent(left)}`, PROGRAM];
    const words = ['load', '--target=mock', '--duration=60s', '--rate=1'];
    const { code, err } = await workspace.start(words, { npm_command: 'exec' }, through).ended;
    expect(err).toMatch(/interrupted by SIGTERM before any load was sent/);
    expect(code).toBe(143);
  });
});
