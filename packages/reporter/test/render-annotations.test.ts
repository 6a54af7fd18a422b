import { describe, expect, it } from 'vitest';
import { renderAnnotations } from '../src/index.ts';
import { workflowCommands } from '../src/github/workflow-command.ts';
import { emptyRun, HOSTILE, hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';

describe('renderAnnotations', () => {
  it('says nothing of a run that passed', () => {
    expect(renderAnnotations(runResult())).toEqual([]);
  });

  it('has a line per missed promise, at most ten, the last one with how many more there are', () => {
    const lines = renderAnnotations(hostileRun());
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(
      /^::error title=chat\.send%3A p95::536 ms; limit < 300 ms; low samples \(173\)$/,
    );
    expect(lines[9]).toBe('::error title=8 more::all are in the report');
  });

  it('says first why a run is not valid', () => {
    expect(renderAnnotations(emptyRun())[0]).toBe(
      '::error title=NOT VALID::No request was made: the login answered without a token',
    );
  });

  it('shows a promise that the machine can have broken as a warning', () => {
    const run = hostileRun();
    const objectives = run.objectives.map((each) => ({ ...each, status: 'machine-limited' as const }));
    const limited = { ...run, objectives, thresholds: [] };
    expect(renderAnnotations(limited)[0]).toMatch(
      /^::warning title=.*waiting for a processor can explain it/,
    );
  });
});

describe('workflowCommands', () => {
  it('are at most ten of a level, of all groups together, and each group is among them', () => {
    const group = (level: 'error' | 'warning', name: string, count: number) =>
      Array.from({ length: count }, (_, k) => ({ level, title: `${name} ${k}`, message: name }));
    const titles = (...groups: ReturnType<typeof group>[]) =>
      workflowCommands(...groups).map((line) => /title=(.*)::/.exec(line)?.[1]);
    const promises = group('error', 'promise', 20);
    expect(titles(promises, group('error', 'figure', 12))).toEqual([
      ...promises.slice(0, 4).map(({ title }) => title),
      '16 more',
      'figure 0',
      'figure 1',
      'figure 2',
      'figure 3',
      '8 more',
    ]);
    // Warnings have places of their own.
    expect(titles(promises, group('warning', 'figure', 12)).slice(8)).toEqual([
      'promise 8',
      '11 more',
      ...Array.from({ length: 9 }, (_, k) => `figure ${k}`),
      '3 more',
    ]);
    expect(titles(group('error', 'promise', 7), group('error', 'figure', 3))).toHaveLength(10);
    const many = Array.from({ length: 9 }, (_, k) => group('error', `side ${k}`, 3));
    expect(titles(...many)).toHaveLength(10);
    expect(titles(...many)[0]).toBe('side 0 0 (2 more)');
    expect(titles(...many, ...many)).toEqual([
      ...Array.from({ length: 9 }, () => expect.any(String)),
      '45 more',
    ]);
  });

  it('lets no text end the command, its title, or start another one', () => {
    for (const text of [
      ...Object.values(HOSTILE),
      'a\r\n::set-output name=x::y',
      '100%0A::error::b',
      'x,file=y::z',
    ]) {
      const [line, ...more] = workflowCommands([{ level: 'error', title: text, message: text }]);
      expect(more).toEqual([]);
      expect(line).not.toMatch(/\p{Cc}/u);
      const [, title, message] = /^::error title=([^:,]*)::(.*)$/.exec(line!) ?? [];
      const decode = (escaped = '') =>
        escaped.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');
      expect(decode(title)).toBe(decode(message));
      // Nothing is decoded that the text itself held.
      expect(decode(message)).not.toMatch(/[\r\n]/);
    }
  });

  it('cuts long texts', () => {
    const [line] = workflowCommands([{ level: 'notice', title: 'x', message: 'y'.repeat(10_000_000) }]);
    expect(line!.length).toBeLessThan(600);
  });
});
