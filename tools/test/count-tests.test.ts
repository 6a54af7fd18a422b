import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarvis-load-results-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(
  name: string,
  passed: number,
  failed: number,
  pending: number,
  todo: number,
  testResults: readonly object[] = [],
): void {
  const result = {
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: todo,
    testResults,
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

it('names each test that failed, and a file that could not be loaded', () => {
  write('engine.json', 1, 1, 0, 0, [
    {
      name: '/repo/packages/engine/test/a.test.ts',
      status: 'failed',
      assertionResults: [
        { status: 'passed', fullName: 'adds', failureMessages: [] },
        { status: 'failed', fullName: 'subtracts', failureMessages: ['expected 1 to be 2'] },
      ],
    },
    { name: '/repo/b.test.ts', status: 'failed', assertionResults: [], message: 'cannot find module' },
  ]);
  const { stdout, stderr } = count();
  expect(stdout).toBe('1 2 0\n');
  expect(stderr).toBe(
    'failed test: engine a.test.ts > subtracts\n    expected 1 to be 2\n' +
      'failed test: engine b.test.ts > (the file as a whole)\n    cannot find module\n',
  );
});

it('counts a file that was run again as it ended then, and says what passed only at the second attempt', () => {
  const file = (status: string, tests: Record<string, string>) => ({
    name: '/repo/packages/engine/test/a.test.ts',
    status,
    assertionResults: Object.entries(tests).map(([fullName, result]) => ({
      fullName,
      status: result,
      failureMessages: result === 'failed' ? ['timed out'] : [],
    })),
  });
  write('engine.json', 11, 2, 0, 0, [
    file('failed', { adds: 'failed', subtracts: 'failed', counts: 'passed' }),
  ]);
  mkdirSync(join(folder, 'again'));
  write('again/engine.json', 2, 1, 0, 0, [
    file('failed', { adds: 'passed', subtracts: 'failed', counts: 'passed' }),
  ]);
  const { stdout, stderr } = count();
  expect(stdout).toBe('12 1 0\n');
  expect(stderr).toBe(
    'failed test, twice: engine a.test.ts > subtracts\n    timed out\n' +
      'passed only at the second attempt: engine a.test.ts > adds\n    timed out\n',
  );
});

it('counts a file whose set-up failed at first', () => {
  const name = '/repo/b.test.ts';
  write('engine.json', 0, 0, 1, 0, [
    {
      name,
      status: 'failed',
      message: 'no port',
      assertionResults: [{ status: 'pending', fullName: 'x', failureMessages: [] }],
    },
  ]);
  mkdirSync(join(folder, 'again'));
  write('again/engine.json', 1, 0, 0, 0, [
    {
      name,
      status: 'passed',
      message: '',
      assertionResults: [{ status: 'passed', fullName: 'x', failureMessages: [] }],
    },
  ]);
  expect(count().stdout).toBe('1 0 0\n');
});

/** Results of every package as if all had passed, but for some. */
function writeAll(others: Readonly<Record<string, object>>): void {
  const root = join(import.meta.dirname, '..', '..');
  const folders = ['apps', 'packages'].flatMap((parent) => readdirSync(join(root, parent)));
  const good = { success: true, numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  for (const name of [...folders, 'tools'])
    writeFileSync(
      join(folder, `${name}.json`),
      JSON.stringify({ ...good, testResults: [], ...others[name] }),
    );
}

function rerun() {
  const program = join(import.meta.dirname, '..', 'rerun-failed.js');
  return spawnSync(process.execPath, [program, folder], { encoding: 'utf8' });
}

it('does not run again where a package has no results', () => {
  writeAll({});
  rmSync(join(folder, 'cli.json'));
  expect(rerun()).toMatchObject({ status: 1, stdout: 'failed without a failed test: cli\n' });
});

it('does not run again what failed without a failed test', () => {
  writeAll({ engine: { success: false } });
  expect(rerun()).toMatchObject({ status: 1, stdout: 'failed without a failed test: engine\n' });
});

it('does not run many files again', () => {
  const testResults = Array.from({ length: 5 }, (_, index) => ({
    name: `/repo/packages/engine/test/${index}.test.ts`,
    status: 'failed',
    message: 'broken',
    assertionResults: [],
  }));
  writeAll({ engine: { success: false, testResults } });
  expect(rerun()).toMatchObject({
    status: 1,
    stdout: '5 test files failed: more than 4 are not run again\n',
  });
});

it('refuses to call no results a result', () => {
  expect(count()).toMatchObject({ status: 1, stdout: '' });
});
