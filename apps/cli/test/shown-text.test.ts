import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '@jarvis-load/engine';
import { expect, it } from 'vitest';
import { shownText } from '../src/secrets/shown-text.ts';
import { codeFrame } from '../src/test-file/code-frame.ts';

const redactor = new Redactor(['s3cret-word', 'tab\tword']);

it.each([
  ['plain', 's3cret-word'],
  ['split by an invisible character', 's3cret\u200b-word'],
  ['split by a colour', 's3cret\u001b[31m-word'],
  ['with a character that is kept', 'tab\tword'],
])('a secret is not shown: %s', (_how, text) => {
  expect(shownText(`a ${text} b`, redactor)).toBe('a *** b');
});

it('a line of code is cut at a word, so that no half of a secret is left', () => {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-frame-'));
  const path = join(folder, 'a.ts');
  writeFileSync(path, `${'x'.repeat(145)} = 's3cret-word-and-more';`);
  const frame = codeFrame({ path, line: 1, column: 1 }, folder);
  rmSync(folder, { recursive: true });
  expect(frame).toMatch(/x{145} = '\n/);
});
