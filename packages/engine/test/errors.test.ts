import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENGINE_ERROR_CODES, EngineError } from '../src/errors.ts';

describe('EngineError', () => {
  it('carries its code and its cause', () => {
    const cause = new Error('deeper');
    const error = new EngineError('invalid-option', 'rate is 0', { cause });
    expect(error).toMatchObject({ name: 'EngineError', code: 'invalid-option', message: 'rate is 0', cause });
    expect(error).toBeInstanceOf(Error);
  });

  it('has a table that names every code that the sources throw, and no other', () => {
    const root = join(import.meta.dirname, '../src');
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, file), 'utf8'));
    const thrown = sources.flatMap((text) =>
      [...text.matchAll(/new EngineError\(\s*'([^']+)'/g)].map(([, code]) => code),
    );
    expect(new Set(thrown)).toEqual(new Set(Object.keys(ENGINE_ERROR_CODES)));
  });
});
