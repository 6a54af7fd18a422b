import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { mergeRuns } from '../src/merging/merge-runs.ts';
import type { MergeOptions } from '../src/merging/merge-options.ts';

const START = Date.UTC(2026, 0, 1, 12);
const root = mkdtempSync(join(tmpdir(), 'runners-'));
let folders = 0;

const PARTS = {
  http_reqs: 1,
  http_req_duration: 0,
  http_req_blocked: 0,
  http_req_connecting: 0,
  http_req_tls_handshaking: 0,
  http_req_sending: 0,
  http_req_waiting: 0,
  http_req_receiving: 0,
  http_req_failed: 0,
};

/** What one runner wrote: a request each 100 ms for 10 s. */
function linesOf(instance: number | undefined, tookMs: number, startMs = START): string {
  const tags = {
    ...(instance === undefined ? {} : { instance_id: String(instance) }),
    method: 'GET',
    name: 'items',
    scenario: 'default',
    status: '200',
  };
  const declared = {
    type: 'Metric',
    metric: 'http_req_duration',
    data: {
      name: 'http_req_duration',
      type: 'trend',
      contains: 'time',
      thresholds: ['p(95)<200'],
      submetrics: null,
    },
  };
  const lines = [JSON.stringify(declared)];
  for (let k = 1; k <= 100; k++) {
    const time = new Date(startMs + 100 * k).toISOString();
    lines.push(JSON.stringify({ metric: 'iterations', type: 'Point', data: { time, value: 1, tags } }));
    for (const [metric, value] of Object.entries({
      ...PARTS,
      http_req_duration: tookMs,
      http_req_waiting: tookMs,
    })) {
      lines.push(JSON.stringify({ metric, type: 'Point', data: { time, value, tags } }));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(root, String(folders++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const merge = (given: readonly string[], options: Partial<MergeOptions> = {}) =>
  mergeRuns(given, { allowMissing: false, strict: false, ...options }, root);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('merging the files of runners of k6', () => {
  it('makes one document of a folder of them, compressed ones too, judged over all samples', async () => {
    const folder = folderOf({
      'a.json': linesOf(1, 300),
      'b.json.gz': gzipSync(linesOf(2, 20)),
      'notes.txt': 'no',
    });
    mkdirSync(join(folder, 'a-report'));
    writeFileSync(join(folder, 'a-report', 'result.json'), '{}');
    const result = await merge([folder], { exitCode: 99 });
    expect(result.totals.requests).toBe(200);
    expect(result.thresholds).toMatchObject([
      { expression: 'p(95)<200', status: 'fail', measured: 300, samples: 200 },
    ]);
    expect(result.verdict.status).toBe('fail');
    expect(result.extensions?.['parts']).toMatchObject([
      { name: 'runner 1', file: 'a.json', requests: 100, startedAt: '2026-01-01T12:00:00.100Z' },
      { name: 'runner 2', file: 'b.json.gz', requests: 100 },
    ]);
    expect(result.notes.map(({ code }) => code)).toContain('clocks-unknown');
  });

  it('names a runner that is missing, and is not valid without it', async () => {
    const folder = folderOf({ 'a.json': linesOf(1, 20), 'c.json': linesOf(3, 20, START + 1500) });
    const result = await merge([join(folder, 'a.json'), join(folder, 'c.json')]);
    expect(result.verdict.status).toBe('not-valid');
    expect(result.verdict.reasons[0]?.text).toBe('runner 2 of the run is missing');
    expect((await merge([folder], { allowMissing: true })).verdict.status).toBe('not-valid');
    const allowed = await merge([folder], { allowMissing: true, exitCode: 0 });
    expect(allowed.verdict.status).toBe('pass');
    const texts = allowed.notes.map(({ text }) => text);
    expect(texts).toContain('missing: runner 2; the counts are those of the other runners');
    expect(texts).toContain('by their own clocks the first samples of the runners are up to 1500 ms apart');
  });

  it('judges the thresholds of the summaries beside the samples again, over all samples', async () => {
    const summary = (failed: boolean) =>
      JSON.stringify({
        metrics: { http_req_duration: { 'p(90)': 20, thresholds: { 'p(90)<250': failed } } },
      });
    const folder = folderOf({
      'a.json': linesOf(undefined, 300),
      'a-summary.json': summary(true),
      'b.json': linesOf(undefined, 20),
      'b-summary.json': summary(false),
    });
    const { thresholds, totals } = await merge([folder]);
    expect(totals.requests).toBe(200);
    expect(thresholds.map(({ expression, status, measured }) => [expression, status, measured])).toEqual([
      ['p(90)<250', 'fail', 300],
      ['p(95)<200', 'fail', 300],
    ]);
  });

  it('leaves out a link that leads nowhere', async () => {
    const folder = folderOf({ 'a.json': linesOf(1, 20), 'b.json': linesOf(2, 20) });
    symlinkSync('gone.json', join(folder, 'c.json'));
    expect((await merge([folder])).totals.requests).toBe(200);
  });

  it('refuses what cannot be added up, by name', async () => {
    const summary = JSON.stringify({ metrics: { http_reqs: { count: 1 } } });
    const folder = folderOf({
      'a.json': linesOf(1, 20),
      'copy.json': linesOf(1, 20),
      'later.json': linesOf(2, 20, START + 60_000),
      'summary.json': summary,
      'journal.txt': 'x',
      'empty.json': linesOf(3, 20).split('\n', 1)[0]!,
    });
    const at = (...names: string[]) => names.map((name) => join(folder, name));
    await expect(merge(at('a.json', 'copy.json'))).rejects.toThrow(
      /a\.json and .*copy\.json are of the same runner/,
    );
    await expect(merge(at('a.json', 'later.json'))).rejects.toThrow(
      /later\.json begins at .*, after the end of a\.json/,
    );
    await expect(merge(at('a.json', 'empty.json'))).rejects.toThrow(/empty\.json holds no sample/);
    await expect(merge(at('a.json', 'summary.json'))).rejects.toThrow(
      /summary\.json is a summary of k6 without its/,
    );
    const both = folderOf({ 'a.json': linesOf(1, 20), 'journal.ndjson': '{}' });
    await expect(merge([both])).rejects.toThrow(
      /a\.json holds samples of k6, and .*journal\.ndjson is the record/,
    );
    await expect(merge(at('a.json', 'journal.txt'))).rejects.toThrow(
      /a\.json holds samples of k6, and .*journal\.txt/,
    );
  });
});
