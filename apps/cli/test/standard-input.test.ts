import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
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

it('asks for something to be piped in', async () => {
  const terminal = Object.assign(Readable.from([]), { isTTY: true });
  await expect(fileOfInput(terminal)).rejects.toThrow('nothing is piped into the command');
  await expect(fileOfInput(undefined)).rejects.toThrow('nothing is piped into the command');
});
