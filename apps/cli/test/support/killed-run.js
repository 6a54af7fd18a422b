// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startMock } from '@jarvis-load/mock-jarvis';
import { JournalDecoder } from '../../dist/results/journal-format.js';

const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** How often the counters of the mock are noted. */
const NOTED_EACH_MS = 10;
const LONGEST_WAIT_MS = 60_000;

/** @typedef {import('@jarvis-load/engine').RunResult} RunResult */
/** @typedef {{ readonly atMs: number, readonly counts: Counts, readonly bytes: number, readonly waitedMs: number }} Note */
/** @typedef {Readonly<Record<string, number>>} Counts answers that the mock completed, by operation */

/**
 * What was left of a killed run, beside what the mock recorded.
 *
 * @typedef {object} KilledRun
 * @property {RunResult} document made from the journal
 * @property {number} seconds whole snapshots in the file
 * @property {number} headBytes of the first line of the journal
 * @property {number} secondsBytes of all whole snapshots
 * @property {number} endMs end of the last snapshot, since the start of the load
 * @property {number} lostMs from there to the kill
 * @property {number} waitedMs how long, in that time, the main thread of the run waited for a processor; 0 where the system does not tell
 * @property {readonly number[]} lateMs of each whole second: from its end until its line was seen in the file, looked for every 10 ms
 * @property {Counts} before the mock's record at most 10 ms before the end of the last snapshot
 * @property {Counts} after its record right after that moment
 * @property {Counts} total its record when the process was dead
 */

/**
 * Runs `jarvis-load load` against a mock in this process, kills it with SIGKILL, and makes its document.
 *
 * @param {readonly string[]} flags
 * @param {number} afterMs from the first answer of the mock to the kill
 * @param {(journal: string) => Promise<RunResult>} [read] makes the document; the command `report` by default
 * @returns {Promise<KilledRun>}
 */
export async function killedRun(flags, afterMs, read = reportOn) {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-killed-'));
  const mock = await startMock({ preset: 'fast' });
  /** @type {Note[]} */
  const record = [];
  /** @type {string | undefined} */
  let journal;
  const note = () =>
    record.push({
      atMs: Date.now(),
      counts: answersOf(mock.counters().rows),
      bytes: journal === undefined ? 0 : statSync(journal).size,
      waitedMs: waitOf(child.pid),
    });
  const child = spawn(
    process.execPath,
    [PROGRAM, 'load', `--target=${mock.url}`, '--no-live', '--quiet', ...flags],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const noting = setInterval(note, NOTED_EACH_MS);
  try {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (said = `${said}${text}`.slice(-4000)));
    const ended = once(child, 'close');
    const check = () => {
      if (child.exitCode !== null) throw new Error(`the run ended (${child.exitCode}): ${said}`);
    };
    journal = await journalIn(join(folder, 'results'), check);
    const firstAnswer = () => until(check, () => (sumOf(record.at(-1)?.counts ?? {}) > 0 ? true : undefined));
    await firstAnswer();
    await pause(afterMs);
    note();
    child.kill('SIGKILL');
    const killedMs = Date.now();
    await ended;
    clearInterval(noting);
    note();

    const { head, seconds } = linesOf(readFileSync(journal, 'utf8'));
    const last = seconds.at(-1);
    /** @type {{ startWallMs: number, endMs: number }} */
    const { startWallMs, endMs } =
      last === undefined ? { startWallMs: killedMs, endMs: 0 } : JSON.parse(last.text);
    const endWallMs = startWallMs + endMs;
    // What was noted once the process was dead says nothing of its waiting.
    const alive = record.filter(({ atMs }) => atMs <= killedMs);
    const waitedAt = (/** @type {number} */ atMs) =>
      alive.findLast((each) => each.atMs <= atMs)?.waitedMs ?? 0;
    let end = Buffer.byteLength(head) + 1;
    const lateMs = seconds.map(({ bytes, text }) => {
      end += bytes;
      const seen = record.find((each) => each.bytes >= end)?.atMs ?? killedMs;
      return Math.max(0, Math.round(seen - startWallMs - JSON.parse(text).endMs));
    });
    // Killed in its first second, the run has left nothing.
    const before = last === undefined ? undefined : record.findLast(({ atMs }) => atMs <= endWallMs);
    const after = last === undefined ? undefined : record.find(({ atMs }) => atMs > endWallMs);
    return {
      document: await read(journal),
      seconds: seconds.length,
      headBytes: Buffer.byteLength(head),
      secondsBytes: seconds.reduce((sum, { bytes }) => sum + bytes, 0),
      endMs,
      lostMs: killedMs - endWallMs,
      waitedMs: waitedAt(killedMs) - waitedAt(endWallMs),
      lateMs,
      before: before?.counts ?? {},
      after: after?.counts ?? {},
      total: record.at(-1)?.counts ?? {},
    };
  } finally {
    clearInterval(noting);
    child.kill('SIGKILL');
    await mock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds that the main thread of a process has waited for a processor so far. @param {number | undefined} pid */
function waitOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** Answers of the whole record. @param {Counts} counts */
export function sumOf(counts) {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Requests that ended, by operation; those sent again count as often as they were sent. @param {RunResult} document @returns {Counts} */
export function requestsOf({ operations }) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { operation, requests, retries } of operations)
    counts[operation] = (counts[operation] ?? 0) + requests + (retries ?? 0);
  return counts;
}

/** @param {readonly import('@jarvis-load/mock-jarvis').CounterRow[]} rows @returns {Counts} */
function answersOf(rows) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { phase, operation, settled, outcomes } of rows) {
    if (phase !== 'run') continue;
    counts[operation] = (counts[operation] ?? 0) + settled - (outcomes.aborted ?? 0);
  }
  return counts;
}

/** The journal of the one run in a folder, once its first line is there. @param {string} results @param {() => void} check */
function journalIn(results, check) {
  return until(check, () => {
    const names = existsSync(results) ? readdirSync(results) : [];
    return names
      .map((name) => join(results, name, 'journal.ndjson'))
      .find((file) => existsSync(file) && readFileSync(file, 'utf8').includes('\n'));
  });
}

/**
 * @template Found
 * @param {() => void} check throws when there is nothing to wait for any more
 * @param {() => Found | undefined} find
 * @returns {Promise<Found>}
 */
async function until(check, find) {
  for (let waited = 0; waited < LONGEST_WAIT_MS; waited += NOTED_EACH_MS) {
    check();
    const found = find();
    if (found !== undefined) return found;
    await pause(NOTED_EACH_MS);
  }
  throw new Error('the run did not get on');
}

/** Head and whole seconds of a journal. @param {string} text */
function linesOf(text) {
  const decoder = new JournalDecoder();
  const [head = '', ...lines] = text.split('\n');
  decoder.read(head);
  const seconds = lines.flatMap((line) => {
    const read = decoder.read(line);
    return read?.part === 'second' ? [{ text: read.text, bytes: Buffer.byteLength(line) + 1 }] : [];
  });
  return { head, seconds };
}

/** @param {string} journal @returns {Promise<RunResult>} */
async function reportOn(journal) {
  const run = dirname(journal);
  const child = spawn(process.execPath, [PROGRAM, 'report', run, '--quiet', '--format=text'], {
    cwd: run,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`report ended with ${code}: ${said}`);
  return JSON.parse(readFileSync(join(run, 'result.json'), 'utf8'));
}
