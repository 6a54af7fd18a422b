import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runLoad, type RunResult } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { runArchive } from '../src/live/run-archive.ts';
import { readSide } from '../src/comparison/read-side.ts';
import { JOURNAL_NAME } from '../src/results/journal-format.ts';
import { Workspace } from './support/cli.ts';
import { journalHere } from './support/journal-here.ts';

const RUN = '20261128-100000-abcd';
/** Seconds since the epoch: nobody has written to the journal for an hour; or just now, however long the program takes to start. */
const LONG_AGO = Date.now() / 1000 - 3600;
const JUST_NOW = Date.now() / 1000 + 3600;

let workspace: Workspace;
let lines: readonly string[];
beforeEach(async () => {
  workspace = new Workspace();
  const clock = new VirtualClock();
  await clock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock,
      transport: new ScriptedTarget(clock, () => ({ afterMs: 20 })),
      runId: RUN,
      seed: 1,
      outputs: [journalHere(workspace.directory)],
      scenarios: [
        {
          name: 'chat',
          operations: [{ name: 'ask', method: 'GET', route: '/' }],
          run: async (user) => void (await user.request({ operation: 'ask', path: '/' })),
          executor: { kind: 'constant-arrival-rate', rate: 20, duration: '5s', maxVUs: 5 },
        },
      ],
    }),
  );
  lines = readFileSync(join(workspace.directory, RUN, JOURNAL_NAME), 'utf8').split('\n');
});
afterEach(() => workspace.remove());

const path = (file: string): string => join(workspace.directory, 'results', RUN, file);

/** The journal as it is when so many seconds are written. */
function writeSeconds(count: number, atSeconds?: number): void {
  mkdirSync(path(''), { recursive: true });
  writeFileSync(path(JOURNAL_NAME), `${lines.slice(0, count + 1).join('\n')}\n`);
  if (atSeconds !== undefined) utimesSync(path(JOURNAL_NAME), atSeconds, atSeconds);
}

async function reported(): Promise<RunResult> {
  const { code, err } = await workspace.run(['report', `results/${RUN}`, '--quiet']);
  expect(code, err).toBe(0);
  return JSON.parse(readFileSync(path('result.json'), 'utf8')) as RunResult;
}

it('a run that was reported while it was on is reported again with its later seconds', async () => {
  writeSeconds(2, JUST_NOW);
  const before = await reported();
  // Killed later: the files of the folder were copied since, which tells nothing of their age.
  writeSeconds(4, LONG_AGO);
  const after = await reported();
  expect(after.totals.requests).toBeGreaterThan(before.totals.requests + 30);
  expect([before, after].map(({ notes }) => notes.some(({ code }) => code === 'journal-fresh'))).toEqual([
    true,
    false,
  ]);
  // Its document is whole now: it is read instead.
  writeFileSync(path(JOURNAL_NAME), 'damaged');
  utimesSync(path(JOURNAL_NAME), LONG_AGO, LONG_AGO);
  expect((await reported()).totals).toEqual(after.totals);
});

it('a process that was halted, and wrote on after a report, is reported with what it wrote', async () => {
  writeSeconds(2, LONG_AGO);
  const before = await reported();
  const reportedMs = statSync(path('result.json')).mtimeMs;
  writeSeconds(4, reportedMs / 1000 + 3);
  expect((await reported()).totals.requests).toBeGreaterThan(before.totals.requests + 30);
});

it('a copy of the folder that wrote the journal last has the document of before', async () => {
  writeSeconds(2, LONG_AGO);
  const before = await reported();
  writeFileSync(path(JOURNAL_NAME), 'damaged');
  const copied = new Date(statSync(path('result.json')).mtimeMs + 500);
  utimesSync(path(JOURNAL_NAME), copied, copied);
  expect((await reported()).totals).toEqual(before.totals);
});

it('the page and comparisons do not take what was reported of a run that was still on for the whole run', async () => {
  writeSeconds(2, JUST_NOW);
  await reported();
  writeSeconds(4, LONG_AGO);
  const results = join(workspace.directory, 'results');
  const archive = runArchive(results);
  expect(archive.list().map(({ verdict }) => verdict)).toEqual(['cut-off']);
  await expect(readSide(results, workspace.directory)).rejects.toThrow(/no run/);
  expect(await archive.show(RUN)).toBeDefined();
  expect(archive.list().map(({ verdict }) => verdict)).toEqual(['not-valid']);
  const { runs } = await readSide(results, workspace.directory);
  expect(runs.map(({ run }) => run.end.kind)).toEqual(['interrupted']);
});
