import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Comparison } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine';
import { renderJson } from '@jarvis-load/reporter';
import { simulatedRun } from '../../../packages/compare/test/support/simulated-run.js';
import { exitWithBaseline } from '../src/comparison/baseline.ts';
import { Workspace } from './support/cli.ts';

/** Documents of runs that never took place; the rest of them is as a valid run has it. */
const documents = new Map<string, RunResult>();
beforeAll(() => {
  const make = (id: string, seed: number, factor: number, startedAt: string): void => {
    const factors = { 1: factor };
    const run = simulatedRun({ seed, operations: 2, seconds: 20, rate: 20, sigma: 0.3, factors });
    documents.set(id, {
      ...run,
      run: { ...run.run, id, startedAt },
      verdict: { status: 'pass', reasons: [] },
    });
  };
  make('base', 1, 1, '2026-11-28T10:00:00.000Z');
  make('same', 2, 1, '2026-11-28T11:00:00.000Z');
  make('slow', 3, 1.5, '2026-11-28T12:00:00.000Z');
});

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

function write(path: string, id: string, change: Partial<RunResult> = {}): void {
  const file = join(workspace.directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, renderJson({ ...documents.get(id)!, ...change }));
}

/** Variables of a step in GitHub Actions. */
const github = () => ({
  GITHUB_ACTIONS: 'true',
  GITHUB_STEP_SUMMARY: join(workspace.directory, 'summary'),
  GITHUB_OUTPUT: join(workspace.directory, 'output'),
});
const annotationsIn = (err: string): string[] => err.match(/^::(?:error|warning) .*$/gm) ?? [];

describe('compare', () => {
  it('says what is worse, in words, a table and a code', async () => {
    write('base/result.json', 'base');
    write('slow/result.json', 'slow');
    const { code, out, err } = await workspace.run(['compare', 'base', 'slow']);
    expect(code, err).toBe(97);
    expect(out).toMatch(/✗ COMPARISON {2}worse: .*operation-2/);
    expect(out).toMatch(/operation-2 p50 worse: .* ms → .* ms, \+\d+% \(\+\d+% to \+\d+%\)/);
    expect(out).toMatch(/operation-1 +≤/);
    const back = await workspace.run(['compare', 'slow', 'base']);
    expect([back.code, back.out.includes('✓ COMPARISON')]).toEqual([0, true]);
  });

  it('compares each further side with the base, as JSON, and writes files', async () => {
    for (const id of ['base', 'same', 'slow']) write(`${id}/result.json`, id);
    const { code, out, err } = await workspace.run(
      ['compare', 'base', 'same', 'slow/result.json', '--format=json', '--views-dir=views'],
      github(),
    );
    expect(code).toBe(97);
    expect(err).toMatch(/^::error title=Comparison%3A worse%3A .*::operation-2 p50 worse: /m);
    expect(workspace.file('summary').match(/^### .* Comparison: /gm)).toHaveLength(2);
    expect(workspace.file('output')).toMatch(/^comparison<<(\S+)\nworse\n\1\n$/);
    const found = JSON.parse(out) as { finding: string; new: { id: string }[] }[];
    expect(found.map(({ new: [run] }) => run?.id)).toEqual(['same', 'slow']);
    expect(found[0]!.finding).not.toBe('worse');
    expect(found[1]!.finding).toBe('worse');
    const markdown = readFileSync(join(workspace.directory, 'views/comparison-2.md'), 'utf8');
    expect(markdown).toMatch(/^### ✗ Comparison: worse/);
    const page = readFileSync(join(workspace.directory, 'views/comparison-2.html'), 'utf8');
    expect(page).toMatch(/<span id="verdict">WORSE</);
  });

  it('heeds tolerances, and refuses those that are none', async () => {
    write('base/result.json', 'base');
    write('slow/result.json', 'slow');
    const wide = ['p50', 'p95', 'p99', 'throughput'].flatMap((name) => ['--tolerance', `${name}=90%`]);
    expect((await workspace.run(['compare', 'base', 'slow', ...wide])).code).toBe(0);
    const { code, err } = await workspace.run(['compare', 'base', 'slow', '--tolerance', 'p59=5%']);
    expect(code).toBe(2);
    expect(err).toContain('unknown figure "p59"');
  });

  it('takes from a folder of runs those that fit, and says what it left out', async () => {
    for (const id of ['base', 'same']) write(`results/${id}/result.json`, id);
    const reasons = [{ code: 'no-data', text: 'nothing was measured' }];
    write('results/bad/result.json', 'base', {
      run: { ...documents.get('base')!.run, id: 'bad' },
      verdict: { status: 'not-valid', reasons },
    });
    write('results/broken/result.json', 'base');
    writeFileSync(join(workspace.directory, 'results/broken/result.json'), '{"kind":');
    symlinkSync('same', join(workspace.directory, 'results/latest'));
    write('new/result.json', 'slow');
    const { out } = await workspace.run(['compare', 'results', 'new', '--format=json']);
    const { base, method, notes } = JSON.parse(out) as { base: unknown; method: string; notes: string[] };
    expect(base).toMatchObject([{ id: 'base' }, { id: 'same' }]);
    expect(method).toBe('runs');
    expect(notes.join('\n')).toMatch(/broken[^]*1 of 3 runs in results left out.*run bad is not valid/);
  });

  it('leaves a run out of the folder that it is compared with, on either side, and says so', async () => {
    for (const id of ['base', 'same', 'slow']) write(`results/${id}/result.json`, id);
    symlinkSync('slow', join(workspace.directory, 'results/latest'));
    const idsOf = async (...sides: string[]) => {
      const { out, err } = await workspace.run(['compare', ...sides, '--format=json']);
      expect(err).toBe('');
      const {
        base,
        new: side,
        notes,
      } = JSON.parse(out) as Record<'base' | 'new', { id: string }[]> & {
        notes: string[];
      };
      expect(notes).toEqual(['1 of 3 runs in results left out: on the other side, too']);
      return [base, side].map((runs) => runs.map(({ id }) => id));
    };
    expect(await idsOf('results', 'results/latest')).toEqual([['base', 'same'], ['slow']]);
    expect(await idsOf('results/base', 'results')).toEqual([['base'], ['same', 'slow']]);
    const alone = await workspace.run(['compare', 'results', 'results']);
    expect(alone.code).toBe(2);
    expect(alone.err).toContain('there is no run in results that is not on the other side, too');
  });

  it('takes runs of one id and other starts for several: files of k6 are named alike', async () => {
    for (const [folder, day] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ] as const) {
      const { run } = documents.get('base')!;
      write(`${folder}/result.json`, 'base', {
        run: { ...run, id: 'out', startedAt: `2026-11-0${day}T00:00:00.000Z` },
      });
    }
    const { out, err } = await workspace.run(['compare', 'a,b', 'c', '--format=json']);
    expect(err).toBe('');
    const { base, new: side } = JSON.parse(out) as Record<'base' | 'new', { id: string }[]>;
    expect([base.length, side.length]).toEqual([2, 1]);
  });

  it('refuses what cannot be compared, with the reason; --force compares it and says so', async () => {
    write('base/result.json', 'base');
    const reasons = [{ code: 'no-data', text: 'nothing was measured' }];
    write('invalid/result.json', 'same', { verdict: { status: 'not-valid', reasons } });
    write('other/result.json', 'same', { target: { name: 'mock', url: 'http://127.0.0.1:1' } });
    const invalid = await workspace.run(['compare', 'base', 'invalid']);
    expect([invalid.code, invalid.out]).toEqual([98, '']);
    expect(invalid.err).toMatch(/run same is not valid: nothing was measured[^]*--force/);
    const other = await workspace.run(['compare', 'base', 'other']);
    expect([other.code, other.err.includes('other kinds of target')]).toEqual([2, true]);
    const forced = await workspace.run(['compare', 'base', 'other', '--force']);
    expect([forced.code, forced.out.includes('compared by force: runs base and same')]).toEqual([0, true]);
  });

  it('tells GitHub that it refused, and why', async () => {
    write('base/result.json', 'base');
    write('other/result.json', 'same', { target: { name: 'mock', url: 'http://127.0.0.1:1' } });
    const { code, err } = await workspace.run(['compare', 'base', 'other'], github());
    expect(code).toBe(2);
    expect(annotationsIn(err)).toEqual([
      expect.stringMatching(/^::error title=Comparison%3A none::these runs cannot be compared: .+/),
    ]);
    expect(workspace.file('summary')).toMatch(/### \? Comparison: these runs cannot be compared\n\n- /);
    expect(workspace.file('output')).toMatch(/comparison<<(.*)\nnot-compared\n\1/);
  });

  it('needs two sides that exist', async () => {
    write('base/result.json', 'base');
    const one = await workspace.run(['compare', 'base']);
    expect([one.code, one.err.includes('only one side')]).toEqual([2, true]);
    const none = await workspace.run(['compare', 'base', 'absent']);
    expect([none.code, none.err.includes('absent')]).toEqual([2, true]);
  });
});

describe('load --baseline', () => {
  it('refuses a baseline that does not exist, and --fail-on-worse without one, before any load', async () => {
    const absent = await workspace.run(['load', '--target=mock', '--baseline=absent']);
    expect([absent.code, absent.err.includes('absent'), absent.out]).toEqual([2, true, '']);
    const alone = await workspace.run(['load', '--target=mock', '--fail-on-worse']);
    expect([alone.code, alone.err.includes('--baseline')]).toEqual([2, true]);
  });

  it('says why a run of another load is not compared; then --fail-on-worse is no pass', async () => {
    write('base/result.json', 'base');
    const short = ['load', '--target=mock', '--scenario=memory', '--stages=0s:5,2s:5', '--objectives=none'];
    const { code, out, err } = await workspace.run(
      [...short, '--threshold=http_reqs:count>0', '--baseline=base', '--fail-on-worse'],
      github(),
    );
    expect(code, err).toBe(98);
    const reason = /not compared with the baseline base: .*(other kinds of target|another load)/;
    expect(err).toMatch(new RegExp(`warning: ${reason.source}`));
    expect(annotationsIn(err)).toEqual([expect.stringMatching(reason)]);
    expect(annotationsIn(err)[0]).toMatch(/^::error /);
    // The last lines: a pass, and why the exit code is none.
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /PASS (?:(?!PASS).)* exit code 98 by --fail-on-worse: not compared with the baseline base: (?:(?!PASS).)*$/,
    );
    expect(workspace.file('summary')).toMatch(
      /### \? Comparison: not compared with the baseline base\n\n- .*(other kinds of target|another load)/,
    );
    expect(workspace.file('output')).toMatch(/comparison<<(.*)\nnot-compared\n\1/);
    const [folder] = workspace.files('results').filter((name) => name !== 'latest');
    expect(workspace.file('summary')).toContain(workspace.file(`results/${folder}/comparison.md`));
  });
});

describe('exitWithBaseline', () => {
  it('keeps the code of a run that did not pass; then 97 for worse, 98 without a comparison', () => {
    const found = (finding: Comparison['finding']) => ({
      comparison: { finding } as Comparison,
      sides: { base: [], new: [] },
    });
    expect(exitWithBaseline(99, found('worse'))).toBe(99);
    expect(exitWithBaseline(98, found('worse'))).toBe(98);
    expect(exitWithBaseline(0, found('worse'))).toBe(97);
    expect(exitWithBaseline(0, { obstacles: [] })).toBe(98);
    expect(exitWithBaseline(0, found('cannot-tell'))).toBe(0);
  });
});

describe('history', () => {
  it('lists the runs that had the load of the newest one, and says what it left out', async () => {
    for (const id of ['base', 'same', 'slow']) write(`results/${id}/result.json`, id);
    write('results/other/result.json', 'base', {
      run: { ...documents.get('base')!.run, id: 'other' },
      target: { name: 'mock', url: 'http://127.0.0.1:1' },
    });
    const { code, out } = await workspace.run(['history', 'results']);
    expect(code).toBe(0);
    expect(out).toMatch(/base .*PASS[^]*same .*PASS[^]*slow .*PASS/);
    expect(out).toMatch(/LASTING CHANGES\n.*none found/);
    expect(out).toMatch(/1 of 4 runs in results left out \(1 other target\), such as/);
    expect((await workspace.run(['history', 'absent'])).code).toBe(2);
  });

  it('goes by the newest valid run, and names a run that was killed', async () => {
    for (const id of ['base', 'same']) write(`results/${id}/result.json`, id);
    write('results/cut/result.json', 'slow', {
      target: { name: 'mock', url: 'http://127.0.0.1:1' },
      verdict: { status: 'not-valid', reasons: [{ code: 'interrupted', text: 'cut' }] },
    });
    mkdirSync(join(workspace.directory, 'results/dead'));
    const journal = join(workspace.directory, 'results/dead/journal.ndjson');
    writeFileSync(journal, '');
    // Recent however long the program takes to start.
    const soon = Date.now() / 1000 + 3600;
    utimesSync(journal, soon, soon);
    const on = await workspace.run(['history', 'results']);
    expect(on.out).toMatch(/results\/dead has no document,[^]*may\s+still\s+be\s+on/);
    const running = await workspace.run(['compare', 'results/base', 'results/dead']);
    expect(running.code).toBe(2);
    expect(running.err).toContain('wait for its end');
    utimesSync(journal, 1, 1);
    const { code, out } = await workspace.run(['history', 'results']);
    expect(code).toBe(0);
    expect(out).toMatch(/base .*PASS[^]*same .*PASS/);
    expect(out).toMatch(/results\/dead was killed; npx\s+jarvis-load\s+report\s+results\/dead/);
    const compared = await workspace.run(['compare', 'results/base', 'results/dead']);
    expect(compared.code).toBe(2);
    expect(compared.err).toContain('the run in results/dead was killed');
    expect(compared.err).toContain('npx jarvis-load report results/dead');
    mkdirSync(join(workspace.directory, 'empty'));
    const several = async (side: string) => (await workspace.run(['compare', side, 'results/same'])).err;
    expect(await several('results/base,results/dead')).toContain('the run in results/dead was killed');
    expect(await several('results/base,empty')).toContain('there is no run in empty');
  });
});

describe('report --baseline', () => {
  it('has arrows beside the figures, the comparison as files, and a code where something is worse', async () => {
    for (const id of ['base', 'slow']) write(`results/${id}/result.json`, id);
    const before = workspace.file('results/slow/result.json');
    const words = ['report', 'results/slow', '--baseline=results', '--format=html'];
    const { code, out, err } = await workspace.run([...words, '--fail-on-worse']);
    expect(code, err).toBe(97);
    expect(out).toMatch(/✗ COMPARISON {2}worse: .*operation-2/);
    expect(err).toContain('error: exit code 97 by --fail-on-worse: worse than the baseline results\n');
    const files = ['comparison.html', 'comparison.json', 'comparison.md', 'report.html', 'result.json'];
    expect(workspace.files('results/slow')).toEqual(files);
    expect(workspace.file('results/slow/result.json')).toBe(before);
    const page = workspace.file('results/slow/report.html');
    expect(page).toMatch(/<small class="arrow fail">▲ \+\d+% worse/);
    expect(page).toMatch(/id="compared">Compared with base .*worse/);
    const quiet = await workspace.run([...words, '--quiet', '--views-dir=views']);
    expect([quiet.code, quiet.out]).toEqual([0, '']);
    expect(workspace.files('views')).toEqual(files);
  });

  it('says why runs are not compared, a run with itself among them', async () => {
    write('results/base/result.json', 'base');
    const words = ['report', 'results/base', '--quiet', '--views-dir=views', '--baseline=results'];
    const alone = await workspace.run(words);
    expect([alone.code, alone.err]).toEqual([
      0,
      'warning: not compared with the baseline results: there is no other run than base in results\n',
    ]);
    const failing = await workspace.run([...words, '--fail-on-worse'], github());
    expect(failing.code).toBe(98);
    expect(failing.err).toContain('error: exit code 98 by --fail-on-worse: not compared');
    expect(annotationsIn(failing.err)).toEqual([
      '::error title=Comparison%3A none::not compared with the baseline results: there is no other run than base in results',
    ]);
    expect(workspace.file('views/comparison.md')).toContain('there is no other run than base in results');
    const without = await workspace.run(['report', 'results/base', '--fail-on-worse']);
    expect([without.code, without.err]).toEqual([2, expect.stringContaining('--baseline as well')]);
  });
});
