import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine';
import { PROGRAM, Workspace } from './support/cli.ts';

const workspaces: Workspace[] = [];
afterAll(() => {
  for (const made of workspaces) made.remove();
});

const TAGS = { method: 'GET', name: '/items', scenario: 'default', group: '', status: '200' };
const REQUEST = {
  http_reqs: 1,
  http_req_duration: 20,
  http_req_blocked: 1,
  http_req_connecting: 0,
  http_req_tls_handshaking: 0,
  http_req_sending: 1,
  http_req_waiting: 18,
  http_req_receiving: 1,
  http_req_failed: 0,
  iteration_duration: 21,
  iterations: 1,
};

/** The output of a foreign script: `requests` successful requests, and one threshold that holds. */
function samples(requests: number, selection?: string): string {
  const declaration = (name: string, type: string, more: Record<string, unknown> = {}) => ({
    type: 'Metric',
    metric: name,
    data: { name, type, contains: 'default', thresholds: [], submetrics: null, ...more },
  });
  const lines: unknown[] = [
    declaration('http_req_failed', 'rate', { thresholds: ['rate<0.01'] }),
    declaration('http_req_duration', 'trend', {
      contains: 'time',
      submetrics: selection === undefined ? null : [{ name: selection, suffix: '', tags: {} }],
    }),
  ];
  for (let index = 0; index < requests; index++) {
    const time = new Date(Date.parse('2026-11-22T18:00:00Z') + index * 25).toISOString();
    for (const [metric, value] of Object.entries(REQUEST))
      lines.push({ metric, type: 'Point', data: { time, value, tags: TAGS } });
  }
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;
}

function workspace(requests: number, selection?: string): Workspace {
  const made = new Workspace();
  workspaces.push(made);
  writeFileSync(join(made.directory, 'out.json'), samples(requests, selection));
  return made;
}

function documentIn(here: Workspace, folder = 'out-report'): RunResult {
  return JSON.parse(here.file(folder, 'result.json')) as RunResult;
}
const verdictOf = ({ verdict }: RunResult) => [verdict.status, ...verdict.reasons.map(({ code }) => code)];

describe('report of a k6 file', () => {
  it.each([
    ['samples alone: not valid', 100, [], ['not-valid', 'k6-outcome-unknown']],
    ['40 samples: passes and says unproven', 40, ['--k6-exit=0'], ['pass', 'unproven']],
    ['19 samples: not valid', 19, ['--k6-exit=0'], ['not-valid', 'unproven']],
    ['--strict: not valid', 40, ['--k6-exit=0', '--strict'], ['not-valid', 'unproven']],
    ['--k6-exit=99: fails', 100, ['--k6-exit=99'], ['fail', 'k6-thresholds']],
    ['--k6-exit=110: fails', 100, ['--k6-exit=110'], ['fail', 'k6-marked-failed']],
    ['--k6-exit=105, interrupted: not valid', 100, ['--k6-exit=105'], ['not-valid', 'aborted']],
    ['--k6-exit=0: passes', 100, ['--k6-exit=0'], ['pass']],
  ])('%s', async (_, requests, flags, expected) => {
    const here = workspace(requests);
    const run = await here.run(['report', 'out.json', ...flags]);
    expect(run.code, run.err).toBe(0);
    expect(verdictOf(documentIn(here))).toEqual(expected);
  });

  it('summary alone and CSV alone are runs too, with the exit code of the verdict on request', async () => {
    const here = workspace(1);
    const fixture = (name: string): string =>
      join(import.meta.dirname, '../../../packages/reporter/test/fixtures/k6', name);
    copyFileSync(fixture('out.csv.gz'), join(here.directory, 'samples.csv.gz'));
    copyFileSync(fixture('export.json'), join(here.directory, 'totals.json'));
    const [summary, csv] = await Promise.all([
      here.run(['report', 'totals.json', '--exit-code', '--summary=k6', '--format=html,k6-summary,hlog']),
      here.run(['report', 'samples.csv.gz', '--k6-exit=0', '--format=html,hlog,hgrm']),
    ]);
    expect(summary.code, summary.err).toBe(99);
    expect(summary.err).toContain('no response-times.hlog');
    expect(summary.out).toMatch(/avg +min +med +max +p\(90\) +p\(95\)/);
    expect(documentIn(here, 'totals-report').totals.requests).toBe(60);
    expect(here.files('totals-report')).toEqual(['k6-summary.json', 'report.html', 'result.json']);
    expect(csv.code, csv.err).toBe(0);
    expect(documentIn(here, 'samples-report').totals.requests).toBe(60);
    expect(here.file('samples-report', 'response-times.hlog')).toMatch(
      /^#\[Made from result\.json[^]*\nTag=shop\/item,0\.000,/,
    );
    expect(here.files('samples-report')).toContain('shop.pay.hgrm');
  });

  it('- reads it from standard input, compressed too', async () => {
    const here = workspace(100);
    writeFileSync(join(here.directory, 'out.gz'), gzipSync(here.file('out.json')));
    const piped = ['sh', '-c', 'exec "$0" "$@" < out.gz', process.execPath, PROGRAM];
    const run = await here.start(['report', '-'], {}, piped).ended;
    expect(run.code, run.err).toBe(0);
    expect(documentIn(here, 'standard-input-report').totals.requests).toBe(100);
    expect(run.out).toContain('standard-input-report/report.html');
  });

  it('--summary tells what became of a threshold on a selection', async () => {
    const selection = 'http_req_duration{name:/items}';
    const here = workspace(100, selection);
    await here.run(['report', 'out.json']);
    expect(verdictOf(documentIn(here))).toEqual(['not-valid', 'k6-outcome-unknown']);
    const metrics = { [selection]: { 'p(95)': 20, thresholds: { 'p(95)<10': true } } };
    writeFileSync(join(here.directory, 'end.json'), JSON.stringify({ metrics }));
    const run = await here.run(['report', 'out.json', '--summary=end.json']);
    expect(run.code, run.err).toBe(0);
    expect(verdictOf(documentIn(here))).toEqual(['fail', 'threshold']);
  });

  it('a summary of another run is not used: with a note where it stands beside, an error where it is named', async () => {
    const here = workspace(100);
    const yesterday = {
      metrics: {
        http_req_duration: { max: 20, 'p(95)': 20, thresholds: { 'p(95)<10': false } },
        http_reqs: { count: 90, rate: 9 },
      },
    };
    writeFileSync(join(here.directory, 'out-summary.json'), JSON.stringify(yesterday));
    const run = await here.run(['report', 'out.json', '--k6-exit=99']);
    expect(run.code, run.err).toBe(0);
    const document = documentIn(here);
    expect(verdictOf(document)).toEqual(['fail', 'k6-thresholds']);
    expect(document.thresholds.map(({ metric }) => metric)).toEqual(['http_req_failed']);
    expect(document.notes.find(({ code }) => code === 'k6-summary-unusable')?.text).toContain(
      'it is of another run (http_reqs is 90 there, 100 in the samples)',
    );
    const named = await here.run(['report', 'out.json', '--summary=out-summary.json']);
    expect(named.code).toBe(2);
    expect(named.err).toMatch(/out-summary\.json is the summary of another run than out\.json/);
  });

  it('--views-dir writes elsewhere, and says where', async () => {
    const here = workspace(100);
    const run = await here.run(['report', 'out.json', '--views-dir=views/of-k6']);
    expect(run.code, run.err).toBe(0);
    expect(run.out).toContain('views/of-k6/report.html');
    expect(here.files()).toEqual(['out.json', 'views']);
    expect(here.files('views', 'of-k6')).toEqual(expect.arrayContaining(['junit.xml', 'result.json']));
  });

  it.each([
    ['--summary=absent.json', /absent\.json/],
    ['--summary=out.json', /out\.json/],
    ['--k6-exit=256', /--k6-exit/],
    ['--views-dir=out.json/below', /out\.json\/below[^]*--views-dir/],
  ])('%s is an error of exit 2 that names it', async (flag, named) => {
    const run = await workspace(20).run(['report', 'out.json', flag]);
    expect(run.code, run.out).toBe(2);
    expect(run.err).toMatch(named);
  });

  it.each(['--summary=out.json', '--k6-exit=99', '--strict'])(
    '%s is refused with a document of ours',
    async (flag) => {
      const here = workspace(20);
      await here.run(['report', 'out.json']);
      const run = await here.run(['report', 'out-report', flag]);
      expect(run.code, run.out).toBe(2);
      expect(run.err).toContain(flag.split('=', 1)[0]);
    },
  );
});
