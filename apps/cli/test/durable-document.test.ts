import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderJson } from '@jarvis-load/reporter';
import { simulatedRun } from '../../../packages/compare/test/support/simulated-run.js';
import { syncFile } from '../src/results/run-directory.ts';
import { Workspace } from './support/cli.ts';

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

it('a file system without fsync is no error; a file that is closed is', () => {
  // Linux answers fsync of a device with EINVAL.
  const device = openSync('/dev/null', 'w');
  expect(() => fsyncSync(device)).toThrow('EINVAL');
  expect(() => syncFile(device)).not.toThrow();
  closeSync(device);
  expect(() => syncFile(device)).toThrow('EBADF');
});

describe('the document of a run', () => {
  it('is on the disk before it has its name, and its folder after', async () => {
    const run = simulatedRun({ seed: 1, operations: 1, seconds: 3, rate: 5, sigma: 0.3 });
    writeFileSync(join(workspace.directory, 'given.json'), renderJson(run));
    const { code, err } = await workspace.run(
      ['report', 'given.json', '--format=json,junit', '--views-dir=views'],
      {
        // Node's own record of what the process asks of the file system.
        NODE_OPTIONS:
          '--trace-event-categories=node.fs.sync --trace-event-file-pattern=trace-${pid}-${rotation}.log',
      },
    );
    expect(code, err).toBe(0);
    const calls = readdirSync(workspace.directory)
      .filter((name) => name.startsWith('trace-'))
      .flatMap((name) => eventsOf(readFileSync(join(workspace.directory, name), 'utf8')));
    expect(calls.filter((call) => call === 'fsync' || call === 'rename')).toEqual([
      'fsync',
      'rename',
      'fsync',
      'fsync',
      // Other views can be made again.
      'rename',
    ]);
  });
});

/** Names of the calls to the file system, in their order. */
function eventsOf(trace: string): string[] {
  const { traceEvents } = JSON.parse(trace) as {
    traceEvents: { name: string; ph: string; ts: number }[];
  };
  return traceEvents
    .filter(({ name, ph }) => name.startsWith('fs.sync.') && ph === 'B')
    .toSorted((a, b) => a.ts - b.ts)
    .map(({ name }) => name.slice('fs.sync.'.length));
}
