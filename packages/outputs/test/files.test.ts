import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Exporter } from '../src/exporter.ts';
import { CSV_COLUMNS, csvOutput } from '../src/files/csv-output.ts';
import { ndjsonOutput } from '../src/files/ndjson-output.ts';
import { madeRun, madeTotals, playRun } from './support/made-run.ts';
import { outputInProcess } from './support/output-in-process.ts';

/** Of util-linux. */
const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path));
const mkfifo = ['/usr/bin/mkfifo', '/bin/mkfifo'].find((path) => existsSync(path));

const folder = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 0, 1);

describe('csv', () => {
  it('writes a line per operation and second, whose counts add up to the run', async () => {
    const path = join(folder, 'new', 'run.csv');
    await playRun(csvOutput(path), 4, { startWallMs: START, info: madeRun({ testid: '=1,"2"' }) });
    const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\r\n');
    expect(header).toBe(CSV_COLUMNS.join(','));
    expect(lines).toHaveLength(4 * 3);
    expect(lines[0]).toMatch(/^2026-01-01T00:00:01.000Z,1,"'=1,""2""",chat-user,chat.send,10,0,10,0,/);
    const sum = (column: string): number =>
      lines.reduce(
        (total, line) =>
          total +
          Number(
            line
              .replace(/"'.*"",?"/, '')
              .split(',')
              .at(CSV_COLUMNS.indexOf(column)),
          ),
        0,
      );
    const { requests, failed } = madeTotals(4);
    expect(sum('requests')).toBe(requests);
    expect(sum('failed')).toBe(failed);
  });

  it('leaves cells empty where nothing was measured', async () => {
    const path = join(folder, 'one.csv');
    await playRun(csvOutput(path), 1, { startWallMs: START });
    const [, line = ''] = readFileSync(path, 'utf8').split('\r\n');
    expect(line.split(',')).toHaveLength(CSV_COLUMNS.length);
    expect(line.split(',')[CSV_COLUMNS.indexOf('response_p50_ms')]).toBe('104.063');
  });
});

describe('ndjson', () => {
  it('writes the run, its events and seconds, and its end', async () => {
    const path = join(folder, 'run.ndjson');
    await playRun(ndjsonOutput(path), 3, { startWallMs: START });
    const lines = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ type }) => type)).toEqual([
      'run',
      'phase',
      'interval',
      'interval',
      'interval',
      'end',
    ]);
    expect(lines[2]).toMatchObject({
      index: 0,
      endMs: 1000,
      operations: [{ operation: 'chat.send', requests: 10, failed: 0, statuses: { 200: 10 } }, {}, {}],
      thresholds: [{ expression: 'p(95)<500', status: 'pass', measured: 250, limit: 500 }],
    });
    expect(lines[5]).toMatchObject({ verdict: { status: 'pass' }, end: { kind: 'completed' } });
  });
});

describe.skipIf(mkfifo === undefined)('a pipe', () => {
  const pipe = (name: string): string => {
    const path = join(folder, name);
    execFileSync(mkfifo!, [path]);
    return path;
  };

  it('that nothing reads is refused before the load', async () => {
    await expect(csvOutput(pipe('unread')).start(madeRun())).rejects.toThrow(
      /unread is a pipe that nothing reads$/,
    );
  });

  it('gets every line', async () => {
    const path = pipe('read');
    const reader = spawn('cat', [path]);
    const text = readText(reader.stdout);
    // Opened for both directions: it waits for no other side.
    const open = openSync(path, 'r+');
    await playRun(ndjsonOutput(path), 3, { startWallMs: START });
    closeSync(open);
    expect((await text).trimEnd().split('\n')).toHaveLength(6);
  });

  it('whose reader stands still delays the end by 6 s at most, and what it did not take is lost', async () => {
    const path = pipe('stuck');
    const open = openSync(path, 'r+');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const ended = playRun(ndjsonOutput(path), 90, { startWallMs: START }).catch(String);
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
      await vi.advanceTimersByTimeAsync(6000);
      expect(await ended).toMatch(/of 93 lines lost, the reader of the pipe was too slow$/);
    } finally {
      vi.useRealTimers();
      closeSync(open);
    }
  });
});

describe('a file', () => {
  it.each([
    ['csv', csvOutput, 10],
    ['ndjson', ndjsonOutput, 6],
  ])('%s on a full disk counts every line as lost', async (_, create, lines) => {
    await expect(playRun(create('/dev/full'), 3, { startWallMs: START })).rejects.toThrow(
      `${lines} of ${lines} lines lost, ENOSPC`,
    );
  });

  // A limit of the file's size ends a write in the middle, as a disk does that fills up.
  it.skipIf(prlimit === undefined)(
    'that fills up during the run keeps its first lines, and counts the others as lost',
    async () => {
      const path = join(folder, 'small.ndjson');
      const output = await outputInProcess(`ndjson=${path}`, () => undefined, [prlimit!, '--fsize=16384']);
      const problem = await playRun(output, 40, { startWallMs: START }).catch(String);
      const [, lost, all] = /\b(\d+) of (\d+) lines lost, EFBIG$/.exec(problem ?? '') ?? [];
      const text = readFileSync(path, 'utf8');
      expect(text).toHaveLength(16_384);
      const lines = text.split('\n').slice(0, -1);
      for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
      expect(lines.length).toBeGreaterThan(3);
      // Lines that one write took together count as lost together.
      expect(Number(lost)).toBeGreaterThanOrEqual(Number(all) - lines.length);
      expect(Number(lost)).toBeLessThan(Number(all));
    },
  );

  it('that is removed during the run, with its folder, counts every line as lost', async () => {
    const gone = join(folder, 'gone');
    const output = csvOutput(join(gone, 'run.csv'));
    const removing: Exporter = {
      ...output,
      second(second) {
        output.second(second);
        if (second.index === 0) rmSync(gone, { recursive: true });
      },
    };
    await expect(playRun(removing, 3, { startWallMs: START })).rejects.toThrow(
      '10 of 10 lines lost, the file was removed during the run',
    );
  });

  it.each([
    ['csv', csvOutput],
    ['ndjson', ndjsonOutput],
  ])('of each run is one of its own where a process makes several: %s', async (kind, create) => {
    const path = join(folder, 'many', `run.${kind}`);
    for (const runId of ['one', 'two'])
      await playRun(create(path, true), 2, { startWallMs: START, info: { ...madeRun(), runId } });
    const written = readdirSync(join(folder, 'many')).filter((name) => name.endsWith(kind));
    expect(written).toEqual([`run-one.${kind}`, `run-two.${kind}`]);
  });

  it('that is none, such as a device, is the same for each run', async () => {
    await expect(playRun(csvOutput('/dev/full', true), 1, { startWallMs: START })).rejects.toThrow('ENOSPC');
  });

  it('that cannot be opened is refused before the load', async () => {
    await expect(csvOutput(join(folder, 'one.csv', 'x.csv')).start(madeRun())).rejects.toThrow(
      /EEXIST|ENOTDIR/,
    );
  });
});
