import { readdirSync } from 'node:fs';
import { Type as Original } from 'typebox';
import { Compile as OriginalCompile } from 'typebox/compile';
import { Value as OriginalValue } from 'typebox/value';
import { describe, expect, it } from 'vitest';

const dist = new URL('../dist/typebox-bundle/', import.meta.url);
const bundled = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(name, dist).href)) as Module;

describe('the bundle', () => {
  it('exports the names of TypeBox', async () => {
    for (const [file, original] of [
      ['index.js', await import('typebox')],
      ['value.js', await import('typebox/value')],
      ['compile.js', await import('typebox/compile')],
    ] as const) {
      expect(Object.keys(await bundled<object>(file)).sort()).toEqual(Object.keys(original).sort());
    }
  });

  it('takes schemas of TypeBox itself, and makes such', async () => {
    const { Type } = await bundled<typeof import('typebox')>('index.js');
    const { Value } = await bundled<typeof import('typebox/value')>('value.js');
    const { Compile } = await bundled<typeof import('typebox/compile')>('compile.js');
    const build = (T: typeof Type) =>
      T.Object({ size: T.Integer({ minimum: 1 }), name: T.Optional(T.String()) });
    const [ours, theirs] = [build(Type), build(Original)];
    expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
    for (const [value, isRight] of [
      [{ size: 3 }, true],
      [{ size: 0 }, false],
      [{ size: 3, name: 4 }, false],
    ] as const) {
      expect(Value.Check(theirs, value)).toBe(isRight);
      expect(Compile(theirs).Check(value)).toBe(isRight);
      expect(OriginalValue.Check(ours, value)).toBe(isRight);
      expect(OriginalCompile(ours).Check(value)).toBe(isRight);
    }
  });

  it('is a few files', () => {
    expect(readdirSync(dist).filter((name) => name.endsWith('.js')).length).toBeLessThan(8);
  });
});
