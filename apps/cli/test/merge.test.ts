import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor, runLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mergeParts } from '../src/merging/merge-parts.ts';
import { readParts, type ReadPart } from '../src/merging/read-parts.ts';
import { Journal } from '../src/results/journal.ts';

const directory = mkdtempSync(join(tmpdir(), 'merge-'));
const START = Date.UTC(2026, 0, 1);

/** A part on a virtual clock, with its journal on disk. */
async function runPart(index: number, lateMs: number): Promise<void> {
  const clock = new VirtualClock(START + lateMs);
  await clock.until(
    runLoad({
      baseUrl: 'http://jarvis.test',
      clock,
      transport: new ScriptedTarget(clock, () => ({ afterMs: 30 })),
      seed: 1,
      runId: `part-${index}`,
      part: { index, of: 3 },
      outputs: [new Journal(directory, new Redactor())],
      objectives: [{ operation: 'work', p95Ms: 100 }],
      describe: {
        target: { name: 'jarvis', clockAheadMs: { least: 4000 * index - 500, most: 4000 * index + 500 } },
        config: { part: `${index + 1}/3`, startAt: new Date(START).toISOString() },
      },
      scenarios: [
        {
          name: 'user',
          operations: [{ name: 'work', method: 'GET', route: '/work' }],
          run: async (user) => void (await user.request({ operation: 'work', path: '/work' })),
          executor: { kind: 'constant-arrival-rate', rate: 30, duration: '3s', maxVUs: 100 },
        },
      ],
    }),
  );
}

describe('merging parts', () => {
  let parts: readonly ReadPart[];

  beforeAll(async () => {
    for (const index of [0, 1, 2]) await runPart(index, index === 2 ? 1400 : 0);
    parts = await readParts([directory], '/');
    symlinkSync(join(directory, 'part-1'), join(directory, 'latest'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('makes one valid document of all of them', () => {
    const result = mergeParts('merged', parts, false);
    expect(result.run.id).toBe('merged');
    expect(result.totals.requests).toBe(90);
    expect(result.iterations).toMatchObject({ planned: 90, completed: 90 });
    expect(result.verdict.status).toBe('pass');
  });

  it('names a part that started late', () => {
    const texts = mergeParts('merged', parts, false).notes.map(({ text }) => text);
    expect(texts).toContain('part 3/3 started 1400 ms after the common start');
    expect(texts).toContain('by their own clocks the parts started up to 1400 ms apart');
  });

  it('states clocks that differ by the Date of the target, for the whole and by part', () => {
    const { notes, target, extensions } = mergeParts('merged', parts, false);
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

  it('is not valid without a part, unless that is allowed', () => {
    const missing = mergeParts('merged', parts.slice(0, 2), false);
    expect(missing.verdict.status).toBe('not-valid');
    expect(missing.verdict.reasons[0]?.text).toBe('part 3/3 of the run is missing');
    const allowed = mergeParts('merged', parts.slice(0, 2), true);
    expect(allowed.verdict.status).toBe('pass');
    expect(allowed.notes.map(({ code }) => code)).toContain('missing-part');
  });

  it('takes a folder that is named by a link, once', async () => {
    expect((await readParts([join(directory, 'latest')], '/')).map(({ name }) => name)).toEqual(['part 2/3']);
    const names = (await readParts([directory, join(directory, 'latest')], '/')).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['part 1/3', 'part 2/3', 'part 3/3']);
  });

  it('refuses a part that is there twice', () => {
    expect(() => mergeParts('merged', [parts[0]!, ...parts], false)).toThrow(/part 1\/3 is there twice/);
  });
});
