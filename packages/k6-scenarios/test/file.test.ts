import { expect, it } from 'vitest';
import { pathOfFile } from '../src/file/file.ts';

it.each([
  ['a.csv', 'a.csv'],
  ['file:///tmp/a%20b.csv', '/tmp/a b.csv'],
  ['file://localhost/tmp/a.csv', '/tmp/a.csv'],
])('%s is the file %s', (given, path) => {
  expect(pathOfFile(given)).toBe(path);
});

it.each([
  ['file://host/a.csv', 'file "file://host/a.csv" cannot be read; expected a URL without a host'],
  ['file://ada:word@host/a.csv', 'file "***@host/a.csv" cannot be read'],
  ['file:///a%.csv', 'file "file:///a%.csv" cannot be read'],
])('%s names no file of this machine', (given, message) => {
  expect(() => pathOfFile(given)).toThrow(message);
});
