import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CSV_COLUMNS, csvOutput } from '../src/files/csv-output.ts';
import { ndjsonOutput } from '../src/files/ndjson-output.ts';
import { madeRun, madeTotals, playRun } from './support/made-run.ts';
import { outputInProcess } from './support/output-in-process.ts';

/** Of util-linux. */
const prlimit = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => existsSync(path));

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

describe('a file', () => {
  it.each([
    ['csv', csvOutput, 10],
    ['ndjson', ndjsonOutput, 6],
  ])('%s on a full disk counts every line as lost', async (_, create, lines) => {
    await expect(playRun(create('/dev/full'), 3, { startWallMs: START })).rejects.toThrow(
      `${lines} of ${lines} lines lost: ENOSPC`,
    );
  });

  // A limit of the file's size ends a write in the middle, as a disk does that fills up.
  it.skipIf(prlimit === undefined)(
    'that fills up during the run keeps its first lines, and counts the others as lost',
    async () => {
      const path = join(folder, 'small.ndjson');
      const output = await outputInProcess(`ndjson=${path}`, () => undefined, [prlimit!, '--fsize=16384']);
      const problem = await playRun(output, 40, { startWallMs: START }).catch(String);
      const [, lost, all] = /\b(\d+) of (\d+) lines lost: EFBIG$/.exec(problem ?? '') ?? [];
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

  it('that cannot be opened is refused before the load', async () => {
    await expect(csvOutput(join(folder, 'one.csv', 'x.csv')).start(madeRun())).rejects.toThrow(
      /EEXIST|ENOTDIR/,
    );
  });
});
