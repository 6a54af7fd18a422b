import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor, runLoad } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock } from '@jarvis-load/engine/testing';
import { capacityReport } from '@jarvis-load/capacity';
import { afterAll, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import type { CommandContext } from '../src/commands/command.ts';
import { describeError } from '../src/describe-error.ts';
import { showReport } from '../src/capacity/search-and-report.ts';
import { IntervalLog, LOG_NAME } from '../src/results/interval-log.ts';
import { writeViews } from '../src/results/run-directory.ts';
import { writeFailure } from '../src/results/write-failure.ts';

const noSpace = () =>
  Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
const folder = mkdtempSync(join(tmpdir(), 'jarvis-disk-full-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a disk that takes no file', () => {
  it('is no bug of this program, wherever it is met, and the error says what to do', () => {
    const { exitCode, text } = describeError(noSpace(), false);
    expect(exitCode).toBe(2);
    expect(text).toMatch(/^error: ENOSPC[^]*\n {2}next: make room/);
    const typo = Object.assign(new Error('x'), { code: 'ENOSPC' });
    expect(describeError(typo, false).exitCode).toBe(1);
  });

  it('leaves no temporary file, and what was there', () => {
    // A folder in its place refuses the file, also for the superuser. A full disk fails one call earlier, in the same `try`.
    mkdirSync(join(folder, 'views', 'a.txt', 'x'), { recursive: true });
    expect(() => writeViews(join(folder, 'views'), [{ fileName: 'a.txt', content: 'first' }])).toThrow(/^E/);
    expect(readdirSync(join(folder, 'views'))).toEqual(['a.txt']);
    expect(readdirSync(join(folder, 'views', 'a.txt'))).toEqual(['x']);
  });

  it('does not hide a bug in a view behind it', () => {
    const bug = new TypeError('no such property');
    expect(writeFailure('the reports', 'x', bug, 'make room')).toBe(bug);
    expect(writeFailure('the reports', 'x', noSpace(), 'make room')).toBeInstanceOf(CliError);
  });

  it('lets a search print its report, then ends it with exit 2', () => {
    let out = '';
    const context = {
      cwd: folder,
      environment: {},
      redactor: new Redactor(),
      out: { write: (text: string) => (out += text) },
    } as unknown as CommandContext;
    const report = capacityReport({
      generator: { name: 'jarvis-load', version: '0' },
      id: 'capacity-1',
      startedAt: '2026-01-01T00:00:00.000Z',
      mode: 'search',
      unit: 'rate',
      target: { name: 'mock', url: 'http://127.0.0.1:1' },
      scenarios: ['chat-user'],
      precision: 0.05,
      rounds: [],
      notes: [],
    });
    mkdirSync(join(folder, 'search', 'capacity.json', 'x'), { recursive: true });
    let error: unknown;
    try {
      showReport(report, join(folder, 'search'), context);
    } catch (cause) {
      error = cause;
    }
    expect(out).toContain('STEPS');
    expect(error).toMatchObject({ exit: 'usage', code: 'report-write' });
  });
});

it('an interval log that cannot be written ends, the run goes on, and its document says so', async () => {
  mkdirSync(join(folder, 'run', LOG_NAME), { recursive: true });
  const log = new IntervalLog(join(folder, 'run'));
  const clock = new VirtualClock();
  const run = runLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport: new ScriptedTarget(clock, () => ({ afterMs: 5 })),
    outputs: [log],
    scenarios: [
      {
        name: 'ask',
        operations: [{ name: 'ask', method: 'GET', route: '/' }],
        run: async (user) => void (await user.request({ operation: 'ask', path: '/' })),
        executor: { kind: 'constant-arrival-rate', rate: 5, duration: '3s', maxVUs: 5 },
      },
    ],
  });
  const { totals, notes } = await clock.until(run);
  expect(totals.requests).toBe(15);
  expect(notes.map(({ text }) => text).join('\n')).toMatch(/interval log[^]*response-times\.hlog ends early/);
  expect(log.isWhole).toBe(false);
});
