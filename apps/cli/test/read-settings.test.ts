import { Type } from '@jarvis-load/engine/typebox';
import { describe, expect, it } from 'vitest';
import type { SettingSchema } from '@jarvis-load/engine';
import { readSettings } from '../src/test-file/read-settings.ts';

const SCHEMAS = {
  items: Type.Integer(),
  share: Type.Number(),
  fast: Type.Boolean(),
  size: Type.Union([Type.Literal(1), Type.Literal(2)]),
  tags: Type.Array(Type.String()),
  counts: Type.Array(Type.Integer()),
  shop: Type.Object({ size: Type.Integer() }),
} as unknown as Record<string, SettingSchema>;

function read(name: string, text: string): Promise<unknown> {
  return readSettings({ [name]: SCHEMAS[name]! }, { [name]: text }, './shop.ts', '--set').then(
    (values) => values[name],
  );
}

describe('--set', () => {
  it.each([
    ['items', '3', 3],
    ['items', '1e3', 1000],
    ['share', '2.90', 2.9],
    ['fast', 'true', true],
    ['size', '2', 2],
    ['tags', 'a, b', ['a', 'b']],
    ['tags', '["a,b","c"]', ['a,b', 'c']],
    ['tags', '', []],
    ['counts', '1,2', [1, 2]],
    ['shop', '{"size":3}', { size: 3 }],
  ])('%s=%s is %j', async (name, text, value) => {
    expect(await read(name, text)).toEqual(value);
  });

  it.each([
    ['items', '2.9', 'must be integer'],
    ['items', 'true', 'must be integer'],
    ['items', '', 'must be integer'],
    ['share', 'false', 'must be number'],
    ['size', '2.5', ''],
    ['fast', 'yes', 'must be boolean'],
    ['counts', '1,2.5', 'must be integer'],
    ['shop', 'size', 'must be object'],
  ])('%s=%s is refused', async (name, text, reason) => {
    await expect(read(name, text)).rejects.toThrow(`--set ${name}=${text}: ${reason}`);
  });
});
