import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { readConfig } from '../src/config/read-config.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'jarvis-load-config-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: string): ReturnType<typeof readConfig> {
  writeFileSync(join(folder, 'x.json'), content);
  return readConfig('x.json', folder);
}
const TARGET = {
  url: 'https://a.example',
  maxUsers: 1,
  maxRate: 1,
  maxDuration: '1m',
  owner: 'me',
  expiry: '2026-12-31',
};

describe('readConfig', () => {
  it('is content without a file, unless one was asked for', () => {
    expect(readConfig(undefined, folder)).toEqual({
      name: 'jarvis-load.config.json',
      values: {},
      targets: {},
    });
    expect(() => readConfig('missing.json', folder)).toThrow('missing.json cannot be read (ENOENT)');
  });

  it('reads values and targets', () => {
    const config = read(JSON.stringify({ users: 5, tag: { a: 'b' }, targets: { staging: TARGET } }));
    expect(config.values).toEqual({ users: 5, tag: { a: 'b' } });
    expect(config.targets['staging']).toEqual(TARGET);
  });

  it.each([
    ['{"users": 5,}', 'is not valid JSON: property name expected in line 1, column 13'],
    ['', 'is not valid JSON: value expected in line 1, column 1'],
    ['{\n  "users": 5\n  "rate": 1\n}', 'comma expected in line 3, column 3'],
    ['{\n  // users\n  "users": 5\n}', 'invalid comment token in line 2, column 3'],
    ['{"users": 5, "rate": 1, "users": 50}', '"users" stands twice, again in line 1, column 25'],
    [
      '{\n  "targets": {\n    "a": { "url": "http://a" },\n    "a": { "url": "http://b" }\n  }\n}',
      '"a" stands twice, again in line 4, column 5',
    ],
    ['[]', 'the file must be object'],
    ['{"user": 5}', 'unknown key "user"'],
    ['{"users": "many"}', 'users must be integer'],
    ['{"users": -1}', 'users must be >= 1'],
    ['{"password": "x"}', 'unknown key "password"'],
    ['{"targets": {"a": {"url": "http://a"}}}', 'targets.a must have required properties'],
    [JSON.stringify({ targets: { a: { ...TARGET, maxUser: 1 } } }), 'unknown key "maxUser" in targets.a'],
    [JSON.stringify({ targets: { mock: TARGET } }), 'may not redefine "mock"'],
    ...['2026-13-01', '2026-02-30', '2026-00-10', '2026-12-31Tnoon', '2026-02-30T10:00:00Z'].map((expiry) => [
      JSON.stringify({ targets: { a: { ...TARGET, expiry } } }),
      'targets.a.expiry is no day of the calendar',
    ]),
    ...['soon', '0s', '', '30d', '-5m', 'Infinity'].map((maxDuration) => [
      JSON.stringify({ targets: { a: { ...TARGET, maxDuration } } }),
      'targets.a.maxDuration is no duration',
    ]),
    ...['staging', 'ftp://a', 'http://u:p@a', 'http://a?b'].map((url) => [
      JSON.stringify({ targets: { a: { ...TARGET, url } } }),
      'targets.a.url',
    ]),
    ['{"__proto__": {"users": 5}}', 'unknown key "__proto__"'],
    ['{"constructor": 5}', 'unknown key "constructor"'],
    [JSON.stringify({ targets: { a: { ...TARGET, limits: [{ name: 'x' }] } } }), 'targets.a.limits.0'],
    [JSON.stringify({ targets: { a: { ...TARGET, expiry: 'soon' } } }), 'targets.a.expiry'],
  ])('refuses %s: %s', (content, problem) => {
    expect(() => read(content)).toThrow(CliError);
    expect(() => read(content)).toThrow(problem);
    expect(() => read(content)).toThrow('x.json');
  });

  it('says what the key should have been', () => {
    try {
      read('{"spawnrate": 5}');
      expect.unreachable();
    } catch (error) {
      expect((error as CliError).expected).toContain('did you mean spawnRate?');
    }
  });

  it.each(['password', 'token'])('points a secret, %s, to the variable that is read', (key) => {
    try {
      read(JSON.stringify({ [key]: 'hunter2' }));
      expect.unreachable();
    } catch (error) {
      const words = (error as CliError).describe().match(/\bJARVIS_\w+/g);
      expect(words).toEqual([`JARVIS_LOAD_${key.toUpperCase()}`]);
      expect((error as CliError).describe()).not.toContain('hunter2');
    }
  });
});
