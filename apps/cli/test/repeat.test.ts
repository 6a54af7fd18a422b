import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitOfRounds } from '../src/repeat/exit-of-rounds.ts';
import { readRepetition } from '../src/repeat/read-words.ts';
import { wroteDocument } from '../src/repeat/run-load.ts';
import { Workspace } from './support/cli.ts';

describe('the words of repeat', () => {
  it('are a number, load and its flags, and the flags that a second side has besides', () => {
    expect(readRepetition(['5', 'load', '--users=3'])).toEqual({ times: 5, sides: [['--users=3']] });
    expect(readRepetition(['2', '--', 'load', '--users=3', '--', '--target=b'])).toEqual({
      times: 2,
      sides: [['--users=3'], ['--users=3', '--target=b']],
    });
  });

  it.each([
    [['1', 'load'], 'no number of runs'],
    [['x', 'load'], 'no number of runs'],
    [['3'], 'nothing to repeat'],
    [['0x3', 'load'], '"0x3" is no number of runs'],
    [['3', 'probe'], '"probe" cannot be repeated'],
    [['3', 'load', '--report-dir=x'], '--report-dir=x cannot be a flag'],
    [['3', 'load', '--', '--once'], '--once cannot be a flag'],
  ])('%j are refused', (words, problem) => {
    expect(() => readRepetition(words)).toThrow(problem);
  });
});

it.each(['--sweep=rate=1,2', '--watch', '--ui', '--once', '--part=1/2'])('%s is not repeated', (flag) => {
  expect(() => readRepetition(['2', 'load', flag])).toThrow(`${flag} cannot be a flag`);
});

it('a variable that makes another kind of run is refused before the first one', () => {
  const words = ['2', 'load'];
  expect(() => readRepetition(words, { JARVIS_LOAD_SWEEP: 'rate=1,2' })).toThrow('JARVIS_LOAD_SWEEP');
  expect(readRepetition(words, { JARVIS_LOAD_ONCE: '0', JARVIS_LOAD_REPORT_DIR: 'x' }).times).toBe(2);
});

it('goes on after a run with a document, also one that is worse than its baseline', () => {
  expect([0, 97, 98, 99, 1, 2, 3, 4, 130, 143].filter(wroteDocument)).toEqual([0, 97, 98, 99]);
});

it('exits with 99 where a run of either side failed, before 97 for worse', () => {
  const run = (status: 'pass' | 'fail') => ({ verdict: { status, reasons: [] } });
  const [held, missed] = [
    [run('pass'), run('pass')],
    [run('pass'), run('fail')],
  ];
  expect([exitOfRounds(held), exitOfRounds(missed)]).toEqual([0, 99]);
  expect([exitOfRounds(held, 'no-difference'), exitOfRounds(held, 'worse')]).toEqual([0, 97]);
  expect([exitOfRounds(missed, 'better'), exitOfRounds(missed, 'worse')]).toEqual([99, 99]);
});

describe('repeat', () => {
  let workspace: Workspace;
  beforeEach(() => void (workspace = new Workspace()));
  afterEach(() => workspace.remove());

  it('runs two sides in turns, each run in a folder of its side, and fails as they do', async () => {
    const { code, out, err } = await workspace.run([
      'repeat',
      '2',
      '--',
      'load',
      '--target=mock',
      '--scenario=memory',
      '--stages=0s:5,2s:5',
      '--objectives=none',
      '--threshold=http_reqs:count>1000000',
      '--out=csv=run.csv',
      '--',
      '--set',
      'mock.preset=fast',
    ]);
    // On a busy machine runs may be left out, and then there may be no comparison.
    expect([98, 99], out + err).toContain(code);
    const rounds = [...err.matchAll(/^(\d) of 2 (base|new): \d{8}-/gm)].map(
      ([, round, side]) => `${round} ${side}`,
    );
    expect(rounds).toEqual(['1 base', '1 new', '2 base', '2 new']);
    const results = join(workspace.directory, 'results');
    const [folder = ''] = readdirSync(results);
    for (const side of ['base', 'new']) {
      const runs = readdirSync(join(results, folder, side)).filter((name) => name !== 'latest');
      expect(runs).toHaveLength(2);
    }
    // None replaces the file of another.
    expect(readdirSync(workspace.directory).filter((name) => /^run-.*\.csv$/.test(name))).toHaveLength(4);
    expect(existsSync(join(workspace.directory, 'run.csv'))).toBe(false);
    await workspace.emptied();
  }, 180_000);

  it('that is interrupted shows what the rounds before gave', async () => {
    const load = ['--target=mock', '--scenario=memory', '--stages=0s:5,2s:5', '--objectives=none'];
    const started = workspace.start(['repeat', '5', '--', 'load', ...load, '--threshold=http_reqs:count>0']);
    await started.says(/^2 of 5: /m);
    started.child.kill('SIGINT');
    const { code, out, err } = await started.ended;
    expect(code).toBe(130);
    expect(err).not.toContain('nothing to report');
    // On a busy machine runs may be left out, and then there may be nothing to show.
    if (err.includes('its runs are in')) {
      expect(err).toMatch(/^[12] of 5: .*left out:/m);
      return;
    }
    expect(err).toContain(
      'interrupted by SIGINT in round 3 of 5; what follows is of the 2 of 2 rounds before it that can be used',
    );
    expect(out).toMatch(/p95/);
    await workspace.emptied();
  }, 180_000);

  it('ends with the first load that cannot be run, and says what was wrong with it', async () => {
    const { code, err } = await workspace.run(['repeat', '2', '--', 'load', '--target=mock', '--usrs=3']);
    expect(code).toBe(2);
    expect(err).toMatch(/unknown flag --usrs=3[^]*did you mean --users/);
  });
});
