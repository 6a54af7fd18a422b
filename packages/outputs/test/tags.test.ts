import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunInfo } from '@jarvis-load/engine';
import { TrendHistogram } from '@jarvis-load/engine/recorder';
import type { Second } from '../src/exporter.ts';
import { CSV_COLUMNS, csvOutput } from '../src/files/csv-output.ts';
import { ndjsonOutput } from '../src/files/ndjson-output.ts';
import { InfluxPoints } from '../src/influxdb/influx-points.ts';
import { RunMetrics } from '../src/metrics/run-metrics.ts';
import { writeText } from '../src/prometheus/text-format.ts';
import { madeResult, madeRun, madeSecond, playRun } from './support/made-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'outputs-tags-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Half of 10 and 11 requests of chat.send have tags; one request of the second second has failed. */
const SECONDS = [0, 1];
const OBJECTIVE = { operation: 'chat.send', aspect: 'p95', status: 'pass', limit: 500, measured: 250 };
const LABELS = 'group="::buy",operation="chat.send",page="cart"';

describe('tags of requests and groups', () => {
  it('are series of their own for Prometheus, so that sums over operations count no request twice', () => {
    const metrics = new RunMetrics(madeRun(), 5000);
    const before = writeText(metrics.collect(), 'text');
    expect(before).not.toContain('jarvis_load_tagged');
    for (const second of SECONDS) metrics.add(madeSecond(second, 1e12));
    const lines = writeText(metrics.collect(), 'text').split('\n');
    const valueOf = (start: string, ...parts: readonly string[]): string | undefined =>
      lines
        .find((line) => line.startsWith(`${start}{`) && parts.every((part) => line.includes(part)))
        ?.replace(/^.* /, '');
    expect(valueOf('jarvis_load_tagged_requests_total', LABELS, 'result="ok"', 'tag_result="any"')).toBe(
      '10',
    );
    expect(valueOf('jarvis_load_tagged_requests_total', LABELS, 'result="failed"')).toBe('1');
    expect(valueOf('jarvis_load_tagged_response_time_seconds_count', LABELS)).toBe('10');
    expect(valueOf('jarvis_load_group_duration_seconds_count', 'group="::buy"', 'scenario="chat-user"')).toBe(
      '6',
    );
    expect(valueOf('k6_group_duration_count', 'group="::buy"')).toBe('6');
    expect(Number(valueOf('k6_group_duration_min', 'group="::buy"'))).toBeCloseTo(2, 2);
  });

  it('are measurements of their own for InfluxDB', () => {
    const lines = new InfluxPoints(madeRun()).second(madeSecond(1, 1e12));
    const tagged = lines.filter((line) => line.startsWith('jarvis_load_tagged,'));
    expect(tagged).toHaveLength(1);
    expect(tagged[0]).toContain(
      'group=::buy,operation=chat.send,page=cart,result=any,run_id=made-run,scenario=chat-user',
    );
    expect(tagged[0]).toMatch(/ failed=1i,requests=6i,response_max_ms=9,/);
    const groups = lines.filter((line) => line.startsWith('jarvis_load_group,'));
    expect(groups[0]).toMatch(
      /group=::buy,run_id=made-run,scenario=chat-user,testid=made-run count=3i,duration_max_ms=200\d/,
    );
  });

  it('are one row where only secrets set them apart, which are redacted, or the order of the tags', () => {
    const second = madeSecond(1, 1e12);
    const { delta } = second;
    const [operation] = delta.operations;
    const [tagged] = operation!.byTags!;
    const [group] = delta.groups!;
    const reversed = Object.fromEntries(Object.entries(tagged!.tags).reverse());
    const twice: Second = {
      ...second,
      delta: {
        ...delta,
        operations: [{ ...operation!, byTags: [tagged!, { ...tagged!, tags: reversed }] }],
        groups: [group!, group!],
        checks: [...delta.checks, ...delta.checks],
      },
    };
    const lines = new InfluxPoints(madeRun()).second(twice);
    const pointsOf = (measurement: string) => lines.filter((line) => line.startsWith(`${measurement},`));
    expect(pointsOf('jarvis_load_tagged')).toEqual([
      expect.stringMatching(/ failed=2i,requests=12i,response_max_ms=9,/),
    ]);
    expect(pointsOf('jarvis_load_group')).toEqual([expect.stringContaining(' count=6i,')]);
    expect(pointsOf('jarvis_load_check')).toEqual([expect.stringMatching(/ fails=2i,passes=18i /)]);
    const metrics = new RunMetrics(madeRun(), 5000);
    metrics.add(twice);
    const text = writeText(metrics.collect(), 'text');
    expect(text.match(/^jarvis_load_tagged_requests_total\{.*result="ok"/gm)).toHaveLength(1);
  });

  it('are in the lines of ndjson; csv keeps one line per operation, whose columns add up', async () => {
    const path = join(folder, 'run.ndjson');
    await playRun(ndjsonOutput(path), 2, { startWallMs: 1e12 });
    const intervals = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly operations: readonly object[] })
      .filter(({ type }) => type === 'interval');
    expect(intervals[1]).toMatchObject({
      operations: [
        {
          operation: 'chat.send',
          tagged: [{ tags: { page: 'cart', group: '::buy' }, requests: 6, failed: 1 }],
        },
        { operation: 'auth.login' },
        {},
      ],
      groups: [{ scenario: 'chat-user', group: '::buy', count: 3 }],
    });
    expect(intervals[1]?.operations[1]).not.toHaveProperty('tagged');
    const csv = join(folder, 'run.csv');
    await playRun(csvOutput(csv), 2, { startWallMs: 1e12 });
    expect(readFileSync(csv, 'utf8').trimEnd().split('\r\n')).toHaveLength(1 + 2 * 3);
    expect(CSV_COLUMNS).not.toContain('tags');
  });

  it.each([{}, { coupon: 'none' }])(
    'that are empty are as those that are not there, with %j of the run',
    (ofRun) => {
      const run = madeRun(ofRun);
      const second = withTags(madeSecond(1, 1e12), [{ page: 'cart', coupon: '' }, { page: 'cart' }]);
      const points = new InfluxPoints(run)
        .second(second)
        .filter((line) => line.startsWith('jarvis_load_tagged,'));
      const metrics = new RunMetrics(run, 5000);
      metrics.add(second);
      const series = writeText(metrics.collect(), 'text').match(
        /^jarvis_load_tagged_requests_total{.*"ok".*$/gm,
      );
      if ('coupon' in ofRun) {
        expect(points.map((point) => point.includes('coupon=none'))).toEqual([false, true]);
        expect(series?.map((one) => one.includes('coupon="none"'))).toEqual([false, true]);
        return;
      }
      expect(points).toEqual([expect.stringMatching(/ failed=2i,requests=12i,/)]);
      expect(series).toEqual([expect.stringMatching(/ 10$/)]);
    },
  );

  it('of parts of one run tell their points apart in InfluxDB', () => {
    const linesOf = (runId: string) =>
      new InfluxPoints({ ...madeRun({ testid: 'nightly' }), runId })
        .second(madeSecond(0, 1e12))
        .map((line) => `${line.split(/(?<!\\) /)[0]} ${line.split(' ').at(-1)}`);
    const all = [...linesOf('part-1'), ...linesOf('part-2')];
    expect(new Set(all).size).toBe(all.length);
    for (const line of all) expect(line).toContain(',testid=nightly');
  });

  it('do not replace the run in `testid`', () => {
    const second = madeSecond(0, 1e12);
    const retagged = withTags(second, [{ testid: 'canary' }]);
    const metrics = new RunMetrics(madeRun(), 5000);
    metrics.add(retagged);
    const tagged = (lines: readonly string[], start: string) =>
      lines.filter((line) => line.startsWith(start));
    const texts = [
      ...tagged(writeText(metrics.collect(), 'text').split('\n'), 'jarvis_load_tagged_requests_total{'),
      ...tagged(new InfluxPoints(madeRun()).second(retagged), 'jarvis_load_tagged,'),
    ];
    expect(texts.length).toBeGreaterThan(2);
    for (const text of texts) {
      expect(text).toMatch(/[,{]testid="?made-run/);
      expect(text).toMatch(/[,{]tag_testid="?canary/);
    }
  });

  it('have names of their own where one would be written as another, of the run and of requests', () => {
    const run = madeRun({ 'my-team': 'a', 'my.team': 'b', my_team: 'c', group: 'd' });
    const second = withTags(madeSecond(0, 1e12), [{ 'x-y': '1', 'x.y': '2', group: '::buy' }]);
    const metrics = new RunMetrics(run, 5000);
    metrics.add(second);
    const texts = [
      writeText(metrics.collect(), 'text')
        .split('\n')
        .find((line) => line.startsWith('jarvis_load_tagged_requests_total{')),
      new InfluxPoints(run).second(second).find((line) => line.startsWith('jarvis_load_tagged,')),
    ];
    for (const text of texts)
      for (const [name, value] of [
        ['my_team', 'c'],
        ['my_team_2', 'a'],
        ['my_team_3', 'b'],
        ['tag_group', 'd'],
        ['x_y', '1'],
        ['x_y_2', '2'],
        ['group', '::buy'],
      ])
        expect(text).toMatch(new RegExp(`[,{]${name}="?${value}"?[, }]`));
  });

  it('of the run are in every series and point, whatever labels these have', () => {
    const written = (tags: Readonly<Record<string, string>>): readonly string[] => {
      const run = madeRun(tags);
      const made = madeSecond(1, 1e12);
      const second = { ...made, judged: { ...made.judged, objectives: [OBJECTIVE] } } as unknown as Second;
      const metrics = new RunMetrics(run, 5000, true);
      metrics.add(second);
      metrics.end(madeResult());
      const points = new InfluxPoints(run);
      const lines = writeText(metrics.collect(), 'text').split('\n');
      // Of points without the fields.
      const tagged = [...points.second(second), ...points.end(madeResult(), 1e12)].map(
        (line) => line.split(/(?<!\\) /)[0]!,
      );
      // A tag of a request takes the place of one of the run.
      return [...lines, ...tagged].filter(
        (line) => /^\w/.test(line) && !line.startsWith('jarvis_load_tagged'),
      );
    };
    const names = written({}).flatMap((line) => [...line.matchAll(/[,{](\w+)=/g)].map(([, name]) => name!));
    const tags = [...new Set(names)].filter((name) => name !== 'testid');
    expect(tags.length).toBeGreaterThan(20);
    for (const line of written(Object.fromEntries(tags.map((tag) => [tag, `my-${tag}-`]))))
      expect([line, tags.filter((tag) => !line.includes(`my-${tag}-`))]).toEqual([line, []]);
  });

  it('and custom metrics whose names become one for Prometheus are no duplicate series', () => {
    const metric = { scenarios: ['chat-user'], selections: [], unit: '' };
    const names = [
      ['a-b', 'counter'],
      ['a.b', 'counter'],
      ['a b', 'gauge'],
      ['a', 'trend'],
      ['a_count', 'gauge'],
      ['a_total', 'gauge'],
    ] as const;
    const run = {
      ...madeRun(),
      metrics: names.map(([name, kind]) => ({ ...metric, name, kind })),
    } as RunInfo;
    const second = withTags(madeSecond(0, 1e12), [{ 'x-y': '1' }, { 'x.y': '1' }]);
    const [one] = second.delta.metrics;
    const trend = new TrendHistogram();
    trend.record(3);
    const metrics = names.map(([name, kind], index) => ({
      ...one!,
      name,
      value: index + 1,
      trend: kind === 'trend' ? trend.snapshot() : null,
    }));
    const made = new RunMetrics(run, 5000);
    made.add({ ...second, delta: { ...second.delta, metrics } });
    const lines = writeText(made.collect(), 'text').split('\n');
    const heads = lines.filter((line) => line.startsWith('# TYPE'));
    expect(heads.map((line) => line.split(' ')[2])).toEqual([
      ...new Set(heads.map((line) => line.split(' ')[2])),
    ]);
    const series = lines.filter((line) => /^\w/.test(line)).map((line) => line.replace(/ [^ ]*$/, ''));
    expect(series).toEqual([...new Set(series)]);
    const valueOf = (name: string) => lines.find((line) => line.startsWith(`${name}{`))?.replace(/^.* /, '');
    expect(['k6_a_b_total', 'k6_a_b_2_total', 'k6_a_b_3'].map(valueOf)).toEqual(['1', '2', '3']);
  });
});

/** The second, with requests of its first operation by these tags. */
function withTags(second: Second, tags: readonly Readonly<Record<string, string>>[]): Second {
  const [first, ...others] = second.delta.operations;
  const [part] = first!.byTags!;
  const operations = [{ ...first!, byTags: tags.map((own) => ({ ...part!, tags: own })) }, ...others];
  return { ...second, delta: { ...second.delta, operations } };
}
