import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alsoInReportDirectory, writeRun } from '../src/results/run-directory.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'run-directory-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('`latest` leads away from the run before, also where no link can be made', () => {
  mkdirSync(join(folder, 'before'));
  symlinkSync('before', join(folder, 'latest'), 'dir');
  // No link has an empty target.
  writeRun(folder, '', []);
  expect(lstatSync(join(folder, 'latest')).isFile()).toBe(true);
  expect(readFileSync(join(folder, 'latest'), 'utf8')).toBe('\n');
});

it('files beside the runs are the same when they are put there again, and nothing else stays', () => {
  writeRun(folder, 'run', [{ fileName: 'report.txt', content: 'text' }]);
  for (let time = 0; time < 2; time++) alsoInReportDirectory(folder, 'run', ['report.txt', 'absent.txt']);
  expect(readdirSync(folder).toSorted()).toEqual(['latest', 'report.txt', 'run']);
  expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toBe('text');
});
