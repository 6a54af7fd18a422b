/* oxlint-disable no-control-regex -- the test looks for control characters in the output */
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { requirePeer } from '../../../tools/peers.ts';
import { renderExceptionsCsv, renderFailuresCsv, renderHistoryCsv, renderStatsCsv } from '../src/index.ts';
import { resultOfSummary } from '../src/ingest/index.ts';
import { ingest, request } from './support/k6-lines.ts';
import { HOSTILE, emptyRun, hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';

const HEADERS = {
  stats:
    'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%',
  history:
    'Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size',
  failures: 'Method,Name,Error,Occurrences,First Seen,Last Seen',
  exceptions: 'Count,Message,Traceback,Nodes',
};
const render = {
  stats: renderStatsCsv,
  history: renderHistoryCsv,
  failures: renderFailuresCsv,
  exceptions: renderExceptionsCsv,
};
const records = (csv: string): Record<string, string>[] =>
  parse(csv, { columns: true, record_delimiter: '\r\n' });

describe.each(['stats', 'history', 'failures', 'exceptions'] as const)('%s.csv', (name) => {
  it("starts with Locust's header line", () => {
    expect(render[name](hostileRun()).split('\r\n')[0]).toBe(HEADERS[name]);
  });

  it('has CRLF after every record, and as many cells in each as the header', () => {
    for (const result of [runResult(), hostileRun(), emptyRun()]) {
      const csv = render[name](result);
      expect(csv.endsWith('\r\n')).toBe(true);
      expect(() => records(csv)).not.toThrow();
    }
  });
});

describe('stats.csv', () => {
  it('is sorted by name then method and ends with the Aggregated row, whose type is empty', () => {
    const rows = records(renderStatsCsv(runResult()));
    expect(rows.map((row) => [row['Type'], row['Name']])).toEqual([
      ['GET', 'chat.conversations'],
      ['POST', 'chat.send'],
      ['GET', 'health'],
      ['GET', 'memory.search (chat-journey)'],
      ['GET', 'memory.search (memory-workflow)'],
      ['POST', 'memory.store'],
      ['POST', 'voice.synthesize'],
      ['POST', 'voice.transcribe'],
      ['', 'Aggregated'],
    ]);
  });

  it('has the numbers of the document', () => {
    const result = hostileRun();
    const row = records(renderStatsCsv(result)).find(({ Name }) => Name === 'chat.send');
    const stats = result.operations.find(({ operation }) => operation === 'chat.send');
    expect(Number(row?.['Request Count'])).toBe(stats?.requests);
    expect(Number(row?.['Failure Count'])).toBe(stats?.failed);
    expect(Number(row?.['Median Response Time'])).toBe(stats?.responseTime.percentiles.p50);
    expect(Number(row?.['99.9%'])).toBe(stats?.responseTime.percentiles['p99.9']);
    expect(Number(row?.['100%'])).toBe(stats?.responseTime.maxMs);
  });

  it('has N/A percentiles where there was no request', () => {
    const [total] = records(renderStatsCsv(emptyRun()));
    expect(total).toMatchObject({ Name: 'Aggregated', 'Request Count': '0', '50%': 'N/A', '100%': 'N/A' });
    expect(total).toMatchObject({ 'Average Response Time': '0', 'Average Content Size': '0' });
  });
});

describe.each([
  ['stats', ''],
  ['history', 'Total '],
] as const)('%s.csv of a run of k6', (name, total) => {
  it('has N/A where sizes are not known', async () => {
    const tags = { method: 'GET', name: '/items', scenario: 'browse', status: '200' };
    const result = await ingest([500, 1500].flatMap((atMs) => request(atMs, 20, tags)));
    const last = records(render[name](result)).at(-1)!;
    expect(last[`${total}Request Count`]).toBe('2');
    expect(last[`${total}Average Content Size`]).toBe('N/A');
    expect(Number(last[`${total}Average Response Time`])).toBeGreaterThan(0);
  });
});

it('stats.csv has N/A for times that a summary of k6 leaves out', () => {
  const metrics = {
    http_reqs: { count: 40, rate: 4 },
    http_req_failed: { value: 0, passes: 0, fails: 40 },
    http_req_duration: { 'p(95)': 5 },
  };
  const result = resultOfSummary({ root_group: {}, metrics }, { fileName: 'summary.json', endedMs: 0 });
  expect(records(renderStatsCsv(result)).at(-1)).toMatchObject({
    'Request Count': '40',
    'Median Response Time': 'N/A',
    'Average Response Time': 'N/A',
    '95%': '5',
  });
});

describe('history.csv', () => {
  it('has a row per point with epoch seconds of its end, whose last totals are those of the run', () => {
    const result = runResult();
    const rows = records(renderHistoryCsv(result));
    expect(rows).toHaveLength(result.series.points.length);
    expect(rows[0]?.['Timestamp']).toBe(String(Date.parse(result.run.startedAt) / 1000 + 1));
    expect(Number(rows.at(-1)?.['Total Request Count'])).toBe(result.totals.requests);
    expect(rows[0]?.['Name']).toBe('Aggregated');
  });
});

describe('failures.csv', () => {
  it('guards formulas, keeps line breaks inside cells and writes UTC seconds', () => {
    const rows = records(renderFailuresCsv(hostileRun()));
    const formula = rows.find(({ Method }) => Method === "'=GET");
    expect(formula?.['Name']).toBe(`'${HOSTILE.formula}`);
    expect(formula?.['First Seen']).toBe('2026-11-22T16:05:12Z');
    expect(rows.some(({ Error }) => Error?.includes('the pipeline believes this\n##[error]'))).toBe(true);
    expect(renderFailuresCsv(hostileRun())).not.toMatch(
      /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f]/,
    );
  });

  it('accounts for the failed requests that were not kept apart', () => {
    const result = hostileRun();
    const rows = records(renderFailuresCsv(result));
    const kept = result.errors.reduce((sum, { count }) => sum + count, 0);
    const written = rows.reduce((sum, { Occurrences }) => sum + Number(Occurrences), 0);
    expect(written).toBe(kept + result.errorsNotKept);
  });
});

describe('beside the real Locust', () => {
  const locust = requirePeer('locust');
  it.skipIf(locust === undefined)('has the same header lines', () => {
    const program = `
import json
from locust.env import Environment
from locust.stats import StatsCSV, StatsCSVFileWriter, PERCENTILES_TO_REPORT
csv = StatsCSV(Environment(), PERCENTILES_TO_REPORT)
writer = StatsCSVFileWriter(Environment(), PERCENTILES_TO_REPORT, '/dev/null', False)
print(json.dumps({'stats': csv.requests_csv_columns, 'history': writer.stats_history_csv_columns,
  'failures': csv.failures_columns, 'exceptions': csv.exceptions_columns}))`;
    const python = join(dirname(locust ?? ''), 'python');
    const columns: unknown = JSON.parse(
      execFileSync(python, ['-W', 'ignore', '-c', program], { encoding: 'utf8' }),
    );
    expect(columns).toEqual(
      Object.fromEntries(Object.entries(HEADERS).map(([name, header]) => [name, header.split(',')])),
    );
  });
});
