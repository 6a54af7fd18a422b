import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { readAccounts } from '../src/secrets/read-accounts.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'jarvis-load-accounts-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: string) {
  writeFileSync(join(folder, 'accounts'), content);
  return readAccounts('accounts', folder);
}

describe('readAccounts', () => {
  it.each([
    ['username,password\nann,one\nbob,two\n'],
    ['\uFEFFPassword,note,Username\r\none,x,ann\r\ntwo,y,bob\r\n'],
    ['"username","password"\n"ann","one"\n"bob","two"'],
    ['[{"username":"ann","password":"one"},{"username":"bob","password":"two"}]'],
  ])('reads %j', (content) => {
    expect(read(content)).toMatchObject([
      { username: 'ann', password: 'one' },
      { username: 'bob', password: 'two' },
    ]);
  });

  it('keeps quotes, commas and line breaks of a quoted password', () => {
    expect(read('username,password\nann,"a,""b""\nc"')).toEqual([{ username: 'ann', password: 'a,"b"\nc' }]);
  });

  it.each([
    '',
    'ann,hunter2',
    'username,password\n',
    '[]',
    '[{"username":"ann","password":12345678}]',
    '[hunter2',
  ])('refuses %j and shows none of it', (content) => {
    try {
      read(content);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CliError);
      expect((error as CliError).exitCode).toBe(2);
      expect((error as CliError).describe()).not.toMatch(/hunter2|12345678/);
    }
  });
});
