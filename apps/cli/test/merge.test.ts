import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runLoad, type RunOptions, type RunResult } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeParts } from '../src/merging/merge-parts.ts';
import { mergeRuns } from '../src/merging/merge-runs.ts';
import { readParts, type ReadPart } from '../src/merging/read-parts.ts';
import { journalHere } from './support/journal-here.ts';

const directory = mkdtempSync(join(tmpdir(), 'merge-'));
const START = Date.UTC(2026, 0, 1);

/** A run on a virtual clock, with its journal on disk. */
async function run(folder: string, atMs: number, options: Partial<RunOptions>): Promise<RunResult> {
  const clock = new VirtualClock(atMs);
  return await clock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock,
      transport: new ScriptedTarget(clock, () => ({ afterMs: 30 })),
      seed: 1,
      outputs: [journalHere(folder)],
      objectives: [{ operation: 'work', p95Ms: 100 }],
      scenarios: [
        {
          name: 'user',
          operations: [{ name: 'work', method: 'GET', route: '/work' }],
          run: async (user) => void (await user.request({ operation: 'work', path: '/work' })),
          executor: { kind: 'constant-arrival-rate', rate: 30, duration: '3s', maxVUs: 100 },
        },
      ],
      ...options,
    }),
  );
}

const runPart = (index: number, lateMs: number): Promise<RunResult> =>
  run(directory, START + lateMs, {
    runId: `part-${index}`,
    part: { index, of: 3 },
    describe: {
      target: { name: 'jarvis', clockAheadMs: { least: 4000 * index - 500, most: 4000 * index + 500 } },
      config: {
        part: `${index + 1}/3`,
        startAt: new Date(START).toISOString(),
        command: `npx jarvis-load load --rate=90 --part=${index + 1}/3 --start-at ${new Date(START).toISOString()} --seed=1`,
      },
    },
  });

describe('merging parts', () => {
  let parts: readonly ReadPart[];

  beforeAll(async () => {
    for (const index of [0, 1, 2]) await runPart(index, index === 2 ? 1400 : 0);
    parts = await readParts([directory], '/');
    symlinkSync(join(directory, 'part-1'), join(directory, 'latest'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('makes one valid document of all of them', async () => {
    const result = await mergeParts('merged', parts, false);
    expect(result.run.id).toBe('merged');
    expect(result.totals.requests).toBe(90);
    expect(result.iterations).toMatchObject({ planned: 90, completed: 90 });
    expect(result.verdict.status).toBe('pass');
    expect(result.config).toEqual({ command: 'npx jarvis-load load --rate=90 --seed=1' });
  });

  it('refuses what only k6 can have told, but not a variable for a whole pipeline', async () => {
    const merged = (told: object) =>
      mergeRuns([directory], { allowMissing: false, strict: false, ...told }, '/');
    const refused = (flag: string) => `${flag} belongs to the output of k6, and ${directory} is none`;
    await expect(merged({ exitCode: 99 })).rejects.toThrow(refused('--k6-exit'));
    await expect(merged({ exitCode: 0 })).rejects.toThrow(refused('--k6-exit'));
    await expect(merged({ strict: true, strictTyped: true })).rejects.toThrow(refused('--strict'));
    expect((await merged({ strict: true, strictTyped: false })).totals.requests).toBe(90);
  });

  it('names what an output of a part lost, which it said after its record had ended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'merge-late-'));
    try {
      const lost = 'influxdb: 41 of 1,200 points lost, receiver answered 503';
      const told = [
        { level: 'warning', code: 'output-failed', text: lost },
        { level: 'info', code: 'other', text: 'of the document alone' },
      ];
      const document = await run(folder, START, { runId: 'alone' });
      const write = (id: string) =>
        writeFileSync(
          join(folder, 'alone', 'result.json'),
          JSON.stringify({ ...document, run: { ...document.run, id }, notes: [...document.notes, ...told] }),
        );
      const textsOf = async () =>
        (await mergeParts('merged', await readParts([folder], '/'), false)).notes.map(({ text }) => text);
      write('alone');
      expect((await textsOf()).filter((text) => /lost|document alone/.test(text))).toEqual([
        `run alone: ${lost}`,
      ]);
      write('of another run');
      expect((await textsOf()).filter((text) => text.includes('lost'))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('names a part that started late', async () => {
    const texts = (await mergeParts('merged', parts, false)).notes.map(({ text }) => text);
    expect(texts).toContain('part 3/3 started 1400 ms after the common start');
    expect(texts).toContain('by their own clocks the parts started up to 1400 ms apart');
  });

  it('states clocks that differ by the Date of the target, for the whole and by part', async () => {
    const { notes, target, extensions } = await mergeParts('merged', parts, false);
    expect(notes.find(({ code }) => code === 'clock-skew')?.text).toMatch(
      /^The clock of part 1\/3 is at least 7000 ms ahead of that of part 3\/3/,
    );
    expect(target.clockAheadMs).toBeUndefined();
    expect(extensions?.['parts']).toMatchObject([
      { targetClockAheadMs: { least: -500, most: 500 } },
      { targetClockAheadMs: { least: 3500, most: 4500 } },
      { targetClockAheadMs: { least: 7500, most: 8500 } },
    ]);
  });

  it('is not valid without a part, unless that is allowed', async () => {
    const missing = await mergeParts('merged', parts.slice(0, 2), false);
    expect(missing.verdict.status).toBe('not-valid');
    expect(missing.verdict.reasons[0]?.text).toBe('part 3/3 of the run is missing');
    const allowed = await mergeParts('merged', parts.slice(0, 2), true);
    expect(allowed.verdict.status).toBe('pass');
    expect(allowed.notes.map(({ code }) => code)).toContain('missing-part');
  });

  it('takes a folder that is named by a link, once', async () => {
    expect((await readParts([join(directory, 'latest')], '/')).map(({ name }) => name)).toEqual(['part 2/3']);
    const names = (await readParts([directory, join(directory, 'latest')], '/')).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['part 1/3', 'part 2/3', 'part 3/3']);
  });

  it('takes a document for the journal beside it, and the text file that names the latest run', async () => {
    const document = join(directory, 'part-1', 'result.json');
    const latest = join(directory, 'part-2', 'latest');
    writeFileSync(document, '{}');
    writeFileSync(latest, '../part-2\n');
    try {
      const names = (await readParts([join(directory, 'part-0'), document, latest], '/')).map(
        ({ name }) => name,
      );
      expect(names).toEqual(['part 1/3', 'part 2/3', 'part 3/3']);
    } finally {
      for (const path of [document, latest]) rmSync(path);
    }
  });

  it('names what was given and has no record, beside others that have one', async () => {
    const other = mkdtempSync(join(tmpdir(), 'merge-other-'));
    try {
      const [readme, document, empty] = ['README.md', 'result.json', 'empty'].map((name) =>
        join(other, name),
      );
      writeFileSync(readme!, '# A file of something else');
      writeFileSync(document!, '{}');
      mkdirSync(empty!);
      for (const path of [readme!, document!, empty!])
        await expect(readParts([directory, path], '/')).rejects.toThrow(
          `${path} has no record that can be merged (journal.ndjson)`,
        );
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  });

  it('refuses a part that is there twice', async () => {
    await expect(mergeParts('merged', [parts[0]!, ...parts], false)).rejects.toThrow(
      /part 1\/3 is there twice/,
    );
  });
});

describe('merging workers of a Locust master', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workers-'));
  const worker = (
    runId: string,
    startedMs: number,
    seed: number,
    master = 'locust:5557',
  ): Promise<RunResult> =>
    run(folder, START + startedMs, {
      runId,
      seed,
      tags: { locust_master: master, locust_worker: `${seed}` },
    });
  const merge = async (...names: string[]) =>
    mergeParts(
      'merged',
      await readParts(
        names.map((name) => join(folder, name)),
        '/',
      ),
      false,
    );

  beforeAll(async () => {
    await worker('a', 0, 1);
    await worker('b', 700, 2, '127.0.0.1:5557');
    await worker('c', 60_000, 3);
    await worker('again', 3500, 1);
    await run(folder, START, { runId: 'other' });
    const early = new AbortController();
    early.abort();
    await run(folder, START, {
      runId: 'early',
      tags: { locust_master: 'locust:5557' },
      signal: early.signal,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes one document of those that ran at the same time, whatever their seeds', async () => {
    const result = await merge('a', 'b');
    expect(result.totals.requests).toBe(180);
    expect(result.run.seed).toBeNull();
    expect(result.verdict.status).toBe('pass');
    expect(result.notes.map(({ code }) => code)).toContain('workers-unknown');
  });

  it('leaves out one that ended before its load began, and says so', async () => {
    const result = await merge('a', 'early');
    expect(result.totals.requests).toBe(90);
    expect(result.notes.find(({ code }) => code === 'no-load')?.text).toBe(
      'run early made no load: it ended before its load began',
    );
  });

  it('tells runs of the master apart, and names the folders of each', async () => {
    await expect(merge('c', 'a', 'b')).rejects.toThrow(
      /workers of 2 runs of a Locust master.*\n.*00:00:00Z, 2 workers: \S+\/a \S+\/b\n.*00:01:00Z, 1 worker: \S+\/c$/,
    );
  });

  it('refuses two runs of one worker, however near in time', async () => {
    await expect(merge('a', 'b', 'again')).rejects.toThrow(/\/a and \S+\/again are runs of one worker/);
  });

  it('refuses a run beside them that no master steered', async () => {
    await expect(merge('a', 'other')).rejects.toThrow(
      /run a is of a worker of a Locust master, and run other is not/,
    );
  });
});
