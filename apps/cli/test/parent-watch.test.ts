import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchParent } from '../src/run/parent-watch.ts';

const NPM = { npm_command: 'exec' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** This process has id 4 and was started by `parent`; the test changes the table of processes. */
function tree(table: Record<number, { name: string; parent: number }>, parent: number) {
  const state = { table, parent };
  return {
    state,
    system: { parent: () => state.parent, stat: (pid: number) => state.table[pid] },
  };
}

describe('watchParent', () => {
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

  it('is over when its end is asked for', () => {
    const { state, system } = tree({}, 3);
    const gone = vi.fn<() => void>();
    watchParent(NPM, gone, system)();
    state.parent = 1;
    vi.advanceTimersByTime(5000);
    expect(gone).not.toHaveBeenCalled();
  });
});
