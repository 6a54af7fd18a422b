import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarvis-load-results-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, passed: number, failed: number, pending: number, todo: number): void {
  const result = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: todo,
  };
  writeFileSync(join(folder, name), JSON.stringify(result));
}

function count() {
  const program = join(import.meta.dirname, '..', 'count-tests.js');
  return spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
}

it('adds up passed, failed and skipped tests of all packages', () => {
  write('engine.json', 120, 1, 2, 0);
  write('cli.json', 30, 0, 0, 1);
  expect(count()).toMatchObject({ status: 0, stdout: '150 1 3\n' });
});

it('refuses to call no results a result', () => {
  expect(count()).toMatchObject({ status: 1, stdout: '' });
});
