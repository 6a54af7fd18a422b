import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLoad, type Output, type RunResult, type RunSnapshot } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { serializeSnapshot, unpackSnapshot } from '@jarvis-load/engine/replay';
import { parseResult } from '@jarvis-load/reporter';
import { journalHere } from './support/journal-here.ts';
import { killedRun, requestsOf, sumOf } from './support/killed-run.js';
import { JOURNAL_NAME, JournalDecoder } from '../src/results/journal-format.ts';
import { readJournal } from '../src/results/read-journal.ts';
import { readRun } from '../src/results/read-run.ts';
import { readParts } from '../src/merging/read-parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'journal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PATH = join(folder, 'r1', JOURNAL_NAME);
/** Requests in flight at once, of a run that is killed. */
const MOST_IN_FLIGHT = 100;
/** Long after the journal was written. */
const LATER = Date.now() + 3_600_000;

/** A run of five seconds on a virtual clock. */
async function runWith(output: Output): Promise<RunResult> {
  const clock = new VirtualClock();
  const target = new ScriptedTarget(clock, ({ number }) => ({
    afterMs: 20,
    status: number % 9 === 4 ? 500 : 200,
    body: 'echo of hunter2-secret',
  }));
  const run = runLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: target,
    runId: 'r1',
    seed: 1,
    outputs: [output],
    scenarios: [
      {
        name: 'chat',
        operations: [{ name: 'ask', method: 'GET', route: '/' }],
        run: async (user) => void (await user.request({ operation: 'ask', path: '/' })),
        executor: { kind: 'constant-arrival-rate', rate: 20, duration: '5s', maxVUs: 5 },
      },
    ],
    thresholds: { http_req_failed: ['rate<0.5'] },
  });
  return clock.until(run);
}

/** Reads the journal with its lines changed. */
async function damaged(change: (lines: string[]) => string): Promise<RunResult> {
  mkdirSync(join(folder, 'damaged'), { recursive: true });
  const path = join(folder, 'damaged', JOURNAL_NAME);
  writeFileSync(path, change(readFileSync(PATH, 'utf8').split('\n')));
  return readJournal(path, 'the file', LATER);
}

/** A snapshot whose differences cannot be read. */
function unreadable(snapshot: RunSnapshot): RunSnapshot {
  return new Proxy(snapshot, {
    get(target, name) {
      if (name === 'delta') throw new Error('no memory');
      return Reflect.get(target, name, target);
    },
  });
}

/** Other text of the same length. */
function swapCase(text: string): string {
  return text.replace(/[a-z]/i, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
}

let result: RunResult;
beforeAll(async () => {
  result = await runWith(journalHere(folder, ['hunter2-secret']));
});

describe('the journal of a run', () => {
  it('gives the document of a run that ended, without secrets', async () => {
    const again = await readJournal(PATH, 'it', LATER);
    expect(again.totals).toEqual(result.totals);
    expect(again.series).toEqual(result.series);
    expect(again.verdict).toEqual(result.verdict);
    expect(again.run.end).toEqual(result.run.end);
    const lines = readFileSync(PATH, 'utf8').trim().split('\n');
    const decoder = new JournalDecoder();
    const texts = lines.map((line) => decoder.read(line)?.text);
    expect(texts.length).toBeGreaterThan(5);
    for (const text of texts) expect(text).toMatch(/^\{(?!.*hunter2)/);
  });

  it('is smaller than its JSON, and is read as the JSON and compressed JSON of earlier versions too', async () => {
    const lines = readFileSync(PATH, 'utf8').trim().split('\n');
    const decoder = new JournalDecoder();
    const texts = lines.map((line) => {
      const read = decoder.read(line)!;
      if (read.part !== 'second') return line;
      return serializeSnapshot(unpackSnapshot(read));
    });
    const seconds = (all: readonly string[]) => all.slice(1, -1).join('').length;
    expect(seconds(lines)).toBeLessThan(0.4 * seconds(texts));
    const written = [
      (text: string) => `{"snapshot":${text}}`,
      (text: string) => `{"snapshot":"${deflateSync(text).toString('base64')}"}`,
    ];
    for (const write of written) {
      const old = texts.map((text, index) => (index % (texts.length - 1) === 0 ? text : write(text)));
      expect((await damaged(() => `${old.join('\n')}\n`)).totals).toEqual(result.totals);
    }
  });

  it('is known by its content under another name; what --out ndjson wrote is refused by name', async () => {
    const copy = join(folder, 'run1.ndjson');
    copyFileSync(PATH, copy);
    const { result: again, source } = await readRun(copy, 'run1.ndjson', folder);
    expect([source, again.totals]).toEqual(['journal', result.totals]);
    expect((await readParts([copy], folder)).map(({ seconds }) => seconds)).toEqual([
      (await readParts([PATH], folder))[0]!.seconds,
    ]);
    const lines = join(folder, 'lines.ndjson');
    writeFileSync(lines, '{"type":"run","format":1}\n{"type":"interval"}\n');
    await expect(readRun(lines, 'lines.ndjson', folder)).rejects.toThrow(
      'lines.ndjson holds the lines that --out ndjson writes',
    );
  });

  it.each([1, 2])('of format %i gives the document that it gave', async (format) => {
    const old = fileURLToPath(new URL(`fixtures/journal-${format}`, import.meta.url));
    const read = await readJournal(join(old, JOURNAL_NAME), 'it', LATER);
    const kept = JSON.parse(readFileSync(join(old, 'totals.json'), 'utf8'));
    expect(read.run.end.kind).toBe('completed');
    expect(read.totals).toEqual(kept);
  });

  it.each([
    [
      'in a line that was not written whole',
      (lines: string[]) => `${lines.slice(0, 4).join('\n')}\n${lines[4]!.slice(0, 100)}`,
    ],
    [
      'in garbage',
      (lines: string[]) => [...lines.slice(0, 4), '\u0000\u0000\u0000', ...lines.slice(5)].join('\n'),
    ],
    [
      'in a second with a changed byte',
      (lines: string[]) =>
        [
          ...lines.slice(0, 4),
          lines[4]!.replace(/.(.{20})$/, (all) => swapCase(all)),
          ...lines.slice(5),
        ].join('\n'),
    ],
    ['where a second is missing', (lines: string[]) => [...lines.slice(0, 4), ...lines.slice(5)].join('\n')],
  ])('that ends %s counts everything before it', async (_, change) => {
    const cut = await damaged(change);
    expect(cut.run.end.kind).toBe('interrupted');
    expect(cut.verdict.status).toBe('not-valid');
    expect(cut.totals.requests).toBe(
      result.series.points.slice(0, 3).reduce((sum, { requests }) => sum + requests, 0),
    );
    expect(cut.notes.map(({ code }) => code)).toContain('journal-cut');
  });

  it('that could not write a second ends before it, and the run says so', async () => {
    const journal = journalHere(join(folder, 'broken'));
    const { notes } = await runWith({
      name: 'journal',
      start: (run) => journal.start(run),
      interval: (snapshot) => journal.interval(snapshot.index === 2 ? unreadable(snapshot) : snapshot),
      stop: (document, end) => journal.stop(document, end),
    });
    expect(notes.map(({ text }) => text).join()).toMatch(/no memory/);
    const cut = await readJournal(join(folder, 'broken', 'r1', JOURNAL_NAME), 'the file', LATER);
    expect(cut.notes.map(({ code }) => code)).not.toContain('journal-cut');
    expect(cut.totals.requests).toBe(
      result.series.points.slice(0, 2).reduce((sum, { requests }) => sum + requests, 0),
    );
  });

  it('that was killed after a second is a document of that second', async () => {
    const cut = await damaged((lines) => `${lines.slice(0, 2).join('\n')}\n`);
    expect(cut.totals.requests).toBe(result.series.points[0]!.requests);
    expect(cut.notes.map(({ code }) => code)).not.toContain('journal-cut');
  });

  it('that was written to just now may belong to a run that is still on', async () => {
    const path = join(folder, 'damaged', JOURNAL_NAME);
    await damaged((lines) => `${lines.slice(0, 3).join('\n')}\n`);
    const now = await readJournal(path, 'it', Date.now());
    expect(now.notes.map(({ code }) => code)).toContain('journal-fresh');
  });

  it.each([
    ['is empty', () => '', 'is empty'],
    ['holds something else', () => '{"a":1}\n', 'is no journal of a run'],
    ['begins in the middle', (lines: string[]) => lines.slice(1).join('\n'), 'is no journal of a run'],
    [
      'is of another version',
      (lines: string[]) => lines.join('\n').replace('"format":3', '"format":9'),
      'this version reads 1 to 3',
    ],
  ])('that %s is refused by name', async (_, change, message) => {
    await expect(damaged(change)).rejects.toThrow(/^the file /);
    await expect(damaged(change)).rejects.toThrow(message);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'that the disk does not take is a note of the result, not its failure',
    async () => {
      const full = join(folder, 'full', 'r1');
      mkdirSync(full, { recursive: true });
      symlinkSync('/dev/full', join(full, JOURNAL_NAME));
      const limited = await runWith(journalHere(join(folder, 'full')));
      expect(limited.verdict).toEqual(result.verdict);
      expect(limited.totals).toEqual(result.totals);
      const note = limited.notes.find(({ code }) => code === 'output-failed');
      expect(note?.text).toContain('journal');
      expect(note?.text).toContain('ENOSPC');
    },
  );

  it('is told why its thread does not write, before and after the thread has ended', async () => {
    const module = new URL('../dist/results/start-journal-thread.js', import.meta.url).href;
    const program = `
      import { startJournalThread } from ${JSON.stringify(module)};
      const writer = startJournalThread({ path: '/no/such/folder/journal', head: '{}' });
      const problems = [];
      for (let k = 0; k < 2; k++) problems.push(await writer.send({ kind: 'end', end: '{}' }));
      problems.push(await startJournalThread({ path: '/dev/full', head: '{}' }).send({ kind: 'end', end: '{}' }));
      problems.push(await startJournalThread({ path: '/dev/null', head: '{}' }).send({ kind: 'end', end: () => 1 }));
      process.stdout.write(problems.join('\\n'));`;
    writeFileSync(join(folder, 'threads.mjs'), program);
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [join(folder, 'threads.mjs')]);
    const [unopened, later, full, uncloned] = stdout.split('\n');
    expect(unopened).toContain('ENOENT');
    expect(later).toBe(unopened);
    expect(full).toContain('ENOSPC');
    expect(uncloned).toContain('could not be cloned');
  });

  it('leaves the folder when it is removed', async () => {
    const journal = journalHere(join(folder, 'own'));
    await runWith(journal);
    expect(readdirSync(join(folder, 'own', 'r1'))).toEqual([JOURNAL_NAME]);
    journal.remove();
    expect(readdirSync(join(folder, 'own', 'r1'))).toEqual([]);
  });
});

describe('a run under load that is killed', () => {
  it.concurrent.each([1, 2, 3])(
    'at a random moment of its second %d leaves a document that agrees with the record of the target',
    async (second) => {
      const afterMs = randomInt((second - 1) * 1000, second * 1000);
      const flags = ['--rate=200', '--duration=1m', `--max-vus=${MOST_IN_FLIGHT}`];
      const killed = await killedRun(flags, afterMs, (path) => readJournal(path, 'it', LATER));
      const { document } = killed;
      expect(document.run.end.kind).toBe('interrupted');
      expect(document.verdict.status).toBe('not-valid');
      expect(parseResult(JSON.stringify(document), 'it').run.id).toBe(document.run.id);
      expect(document.series.points).toHaveLength(killed.seconds);
      const requests = requestsOf(document);
      for (const [operation, count] of Object.entries(requests))
        expect(count, `${operation}, killed after ${afterMs} ms`).toBeLessThanOrEqual(
          killed.after[operation] ?? 0,
        );
      expect(sumOf(requests)).toBeGreaterThanOrEqual(sumOf(killed.before) - MOST_IN_FLIGHT);
    },
    120_000,
  );
});
