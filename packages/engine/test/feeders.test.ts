import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { Type } from '@jarvis-load/engine/typebox';
import { describe, expect, it } from 'vitest';
import { feeder } from '../src/data/feeder.ts';
import { file as bodyFile } from '../src/data/file.ts';
import { IndexedFile } from '../src/data/indexed-file.ts';
import { nextRow } from '../src/user/next-row.ts';

const folder = mkdtempSync(join(tmpdir(), 'feeders-'));
let files = 0;

function written(text: string | Buffer): string {
  const path = join(folder, `${files++}.csv`);
  writeFileSync(path, text);
  return path;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Memory in use, of objects and of buffers; what is not used any more may still be there. */
function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function all<Row>({ length, row }: { readonly length: number; row(index: number): Row }): Row[] {
  return Array.from({ length }, (_, index) => row(index));
}

describe('options of a feeder', () => {
  const path = written('name\na\n');
  it.each<[string, () => unknown, string]>([
    ['csv', () => feeder.csv(path, { mode: 'unique' } as object), "the unknown option 'mode'"],
    ['csv', () => feeder.csv(path, { seperator: ';' } as object), "(did you mean 'separator'?)"],
    ['ndjson', () => feeder.ndjson(path, { columns: ['name'] } as object), "the unknown option 'columns'"],
    ['json', () => feeder.json(path, { shema: {} } as object), "(did you mean 'schema'?)"],
    ['of', () => feeder.of([1], { ordr: 'random' } as object), "(did you mean 'order'?)"],
    [
      'generate',
      () => feeder.generate(1, (index) => index, 'unique' as unknown as object),
      "has options 'unique'",
    ],
    ['of', () => feeder.of([1], { order: 'typo' as 'random' }), "has order 'typo'; expected round-robin"],
  ])('that it does not know are errors: %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});

it('the content type of a file is that of its extension, whatever that is', () => {
  const typeOf = (name: string): string | undefined => {
    const path = join(mkdtempSync(join(tmpdir(), 'types-')), name);
    writeFileSync(path, '');
    return bodyFile(path).type;
  };
  expect(['a.WAV', 'a.x', 'a', 'a.constructor', 'a.__proto__'].map(typeOf)).toEqual([
    'audio/wav',
    ...Array.from({ length: 4 }, () => 'application/octet-stream'),
  ]);
});

describe('rows of files', () => {
  it('are those that were written, whatever CSV they hold', () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('', '"', 'a,b', 'x\r\ny', 'é😀', '\n', ' a '));
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((columns) =>
        fc.array(fc.array(field, { minLength: columns, maxLength: columns }), { minLength: 1 }),
      );
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, lineEnd, ended) => {
        const columns = rows[0]!.map((_, index) => `c${index}`);
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const lines = [columns, ...rows].map((row) => row.map(quoted).join(','));
        const path = written(`\ufeff${lines.join(lineEnd)}${ended ? lineEnd : ''}`);
        expect(all(feeder.csv(path)).map((row) => columns.map((column) => row[column]))).toEqual(rows);
      }),
      { numRuns: 60 },
    );
  });

  it('are read from the disk in bounded memory', () => {
    const length = 100_000;
    const path = written(Buffer.alloc(1024 * length, `${'a'.repeat(1023)}\n`));
    collectGarbage();
    const before = usedBytes();
    const file = new IndexedFile(path, true);
    // The file has 98 MiB, the ends of its rows 0.8.
    expect(usedBytes() - before).toBeLessThan(40 * 1024 * 1024);
    expect(file.length).toBe(length);
  });

  it('of a million are read from the disk, across blocks and chunks', () => {
    const length = 1_000_000;
    const path = written(Buffer.from(Array.from({ length }, (_, row) => `user${row},"p ${row}"\n`).join('')));
    const file = new IndexedFile(path, true);
    expect(file.length).toBe(length);
    for (const row of [0, 999_999, 1, 77_777, 77_778, 523_456]) {
      expect(file.text(row)).toBe(`user${row},"p ${row}"`);
    }
  });

  it('come from JSON, lines of JSON, lists and functions, with the type of their schema', () => {
    const schema = Type.Object({ name: Type.String() });
    const lines = feeder.ndjson(written('\ufeff{"name":"a"}\n\n{"name":"b"}\r\n'), { schema });
    expect(all(lines).map(({ name }) => name.toUpperCase())).toEqual(['A', 'B']);
    expect(all(feeder.json(written('\ufeff[{"name":"c"}]'), { schema }))).toEqual([{ name: 'c' }]);
    expect(all(feeder.of(['x', 'y']))).toEqual(['x', 'y']);
    expect(all(feeder.generate(3, (index) => index * 2))).toEqual([0, 2, 4]);
    const { user } = feeder.csv(written('user,password\nu,p\n'), { columns: ['user'] }).row(0);
    expect(user).toBe('u');
  });

  it('are refused with the row and what was expected', () => {
    const csv = (text: string) => () => all(feeder.csv(written(text), { name: 'accounts' }));
    expect(() => feeder.csv('nowhere.csv')).toThrow("feeder 'nowhere.csv' cannot be read: ENOENT");
    const elsewhere = "file 'file://host/rows.csv' cannot be read: File URL host must be";
    for (const path of ['file://host/rows.csv', new URL('file://host/rows.csv')]) {
      const readers: readonly ((path: string | URL) => unknown)[] = [
        feeder.csv,
        feeder.ndjson,
        feeder.json,
        bodyFile,
      ];
      for (const read of readers) {
        expect(() => read(path)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
        expect(() => read(path)).toThrow(elsewhere);
      }
    }
    expect(() => bodyFile(new URL('http://ada:word@host/rows.csv?key=word'))).toThrow(
      /^file '\*\*\*@host\/rows.csv' cannot be read: The URL must be of scheme file; expected a path [^?]*$/,
    );
    expect(() => bodyFile(undefined as unknown as string)).toThrow(
      'a file is named by undefined; expected a path',
    );
    expect(csv('')).toThrow("feeder 'accounts' has no header");
    expect(csv('a,b\n')).toThrow("feeder 'accounts' has no rows");
    expect(csv('a,b\n1,2\n3\n')).toThrow('row 3 has 1 fields; expected 2');
    expect(csv('a,b\n1,x"y"\n')).toThrow('row 2 has quotes in the wrong place');
    expect(() => feeder.csv(written('a,b\n1,2\n'), { columns: ['a', 'user'] })).toThrow(
      'has no column user; its columns: a, b',
    );
    const schema = Type.Object({ name: Type.String() });
    expect(() => all(feeder.ndjson(written('{"name":1}\n'), { schema }))).toThrow(
      'row 1 does not fit its schema: /name: must be string',
    );
    expect(() => all(feeder.ndjson(written('{"name"\n')))).toThrow('row 1 is not JSON');
    expect(() => feeder.json(written('{}'))).toThrow('holds {}; expected a list');
  });
});

describe('the order of rows', () => {
  it('gives each user the row that is due, and says when there is none', () => {
    const taker = (id: number, number: number) => ({ id, random: () => 0.99, take: () => number });
    const rows = (
      order: 'unique' | 'round-robin' | 'random' | 'per-user',
      atEnd?: 'stop' | 'repeat' | 'fail',
    ) => feeder.of(['a', 'b', 'c'], { order, ...(atEnd === undefined ? {} : { atEnd }) });
    expect([0, 2, 3].map((number) => nextRow(rows('round-robin'), taker(1, number)))).toEqual([0, 2, 0]);
    expect([0, 2, 3].map((number) => nextRow(rows('unique'), taker(1, number)))).toEqual([0, 2, undefined]);
    expect(nextRow(rows('unique', 'repeat'), taker(1, 4))).toBe(1);
    expect(() => nextRow(rows('unique', 'fail'), taker(1, 3))).toThrow('has no more rows: all 3 were used');
    expect([1, 3, 4].map((id) => nextRow(rows('per-user'), taker(id, 9)))).toEqual([0, 2, undefined]);
    expect(nextRow(rows('random'), taker(1, 0))).toBe(2);
  });
});
