import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { headOfFile } from '../src/results/head-of-file.ts';
import { fileOfInput } from '../src/results/standard-input.ts';

it.each([
  ['{"run":{"runId":"a"}}\n{"snapshot":{}}\n', 'journal.ndjson'],
  ['{"schemaVersion":2}', 'standard-input.json'],
  ['\u001f\u008b\u0008', 'standard-input.json.gz'],
  ['', 'standard-input.json'],
])('keeps standard input that begins %j as %s, and removes it', async (text, name) => {
  const { path, remove } = await fileOfInput(Readable.from([Buffer.from(text, 'latin1')]));
  expect(basename(path)).toBe(name);
  expect(readFileSync(path, 'latin1')).toBe(text);
  remove();
  expect(existsSync(dirname(path))).toBe(false);
});

it('reads nothing of a pipe, which can be read once', () => {
  const pipe = join(mkdtempSync(join(tmpdir(), 'head-')), 'pipe');
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
  const writer = spawn('sh', ['-c', 'echo text > "$0"', pipe]);
  expect(headOfFile(pipe)).toBe('');
  writer.kill();
  rmSync(dirname(pipe), { recursive: true });
});

it('asks for something to be piped in', async () => {
  const terminal = Object.assign(Readable.from([]), { isTTY: true });
  await expect(fileOfInput(terminal)).rejects.toThrow('nothing is piped into the command');
  await expect(fileOfInput(undefined)).rejects.toThrow('nothing is piped into the command');
});
