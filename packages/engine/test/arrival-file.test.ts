import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openArrivals } from '../src/data/arrival-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arrivals-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Open descriptors of files in the folder. */
function open(): number {
  return readdirSync('/proc/self/fd').filter((number) => {
    try {
      return readlinkSync(`/proc/self/fd/${number}`).startsWith(folder);
    } catch {
      // That of the listing itself.
      return false;
    }
  }).length;
}

it('a path that names no file of this machine is an error that names it', () => {
  const refused = (path: string) => () => openArrivals(path);
  expect(refused('file://host/a.csv')).toThrow("file 'file://host/a.csv' cannot be read: File URL host");
  expect(refused('a\0.csv')).toThrow(/^file of arrivals 'a.*\.csv': cannot be read: .*null bytes/s);
  expect(refused(join(folder, 'none.csv'))).toThrow(/none\.csv': cannot be read: ENOENT/);
});

it.skipIf(process.platform !== 'linux')(
  'a file that changed, or that is none of arrivals, is closed once nothing reads it',
  async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const path = join(folder, 'arrivals.csv');
    for (let rows = 1; rows <= 5; rows++) {
      writeFileSync(path, `time\n${'1\n'.repeat(rows)}`);
      expect(openArrivals(path)).toHaveLength(rows);
      expect(openArrivals(path)).toBe(openArrivals(path));
    }
    writeFileSync(join(folder, 'empty.csv'), 'time\n');
    expect(() => openArrivals(join(folder, 'empty.csv'))).toThrow('has no rows');
    for (let turn = 0; turn < 50 && open() > 1; turn++) {
      collect();
      await setImmediate();
    }
    expect(open()).toBe(1);
    expect(openArrivals(path)).toHaveLength(5);
  },
);
