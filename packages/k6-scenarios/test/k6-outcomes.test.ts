import { appendFileSync, createReadStream, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMock } from '@jarvis-load/mock-jarvis';
import { readK6 } from '@jarvis-load/reporter/ingest';
import { countsOf, k6, once, outcomesOf, runInK6 } from './support/run-in-k6.ts';

/** Client outcome of each fault of the mock. */
const SEEN_AS: Readonly<Record<string, string>> = {
  hang: 'timeout',
  reset: 'connection_error',
  truncated: 'connection_error',
  garbage: 'connection_error',
  wrong_json: 'invalid_body',
};

describe.skipIf(k6 === undefined)('what becomes of a request, in k6', () => {
  it.concurrent('has the outcome that the mock gave it, per operation, under every fault', async () => {
    const mock = await startMock({
      preset: 'fast',
      config: {
        seed: 3,
        faults: {
          server_error: { probability: 0.1 },
          // Not on GET: Go's HTTP client repeats a GET by itself when a reused connection is reset.
          reset: { probability: 0.2, operations: ['chat.send'] },
          truncated: { probability: 0.1 },
          hang: { probability: 0.05 },
          garbage: { probability: 0.1 },
          wrong_json: { probability: 0.1 },
          sparePhases: ['probe', 'setup', 'teardown'],
        },
      },
    });
    const run = await runInK6({ baseUrl: mock.url, executor: once(40), requestTimeoutMs: 1500 });
    const result = await run.result();
    const counts = countsOf(mock.counters(), 'run');
    await mock.close();
    const seen = Object.fromEntries(
      Object.entries(counts).map(([operation, outcomes]) => {
        const sums: Record<string, number> = {};
        for (const [outcome, count] of Object.entries(outcomes)) {
          const name = SEEN_AS[outcome] ?? outcome;
          if (count > 0) sums[name] = (sums[name] ?? 0) + count;
        }
        return [operation, sums];
      }),
    );
    expect(outcomesOf(result)).toEqual(seen);
    expect(result.totals.outcomes).toMatchObject({
      timeout: expect.toSatisfy((count: number) => count > 0),
      invalid_body: expect.toSatisfy((count: number) => count > 0),
      connection_error: expect.toSatisfy((count: number) => count > 0),
      server_error: expect.toSatisfy((count: number) => count > 0),
    });
    // Error groups have the codes that identify the cause.
    const codes = new Set(result.errors.map(({ outcome, code }) => `${outcome}/${code}`));
    expect(codes).toContain('invalid_body/body');
    expect(codes).toContain('server_error/http_500');
    expect(codes).toContain('connection_error/truncated_body');
    expect(codes).toContain('connection_error/ECONNRESET');
    expect(codes).toContain('timeout/request_timeout');
  });

  it.concurrent('is rate_limited for 429, apart from failures, and k6 exits with 99', async () => {
    const mock = await startMock({ preset: 'fast', settings: ['rateLimits.enabled=true'] });
    const run = await runInK6({
      baseUrl: mock.url,
      test: 'voice',
      executor: once(20),
    });
    const result = await run.result();
    await mock.close();
    expect(run.exit.exitCode).toBe(99);
    expect(result.totals.outcomes.rate_limited).toBe(40 - 30);
    expect(result.totals.outcomes.ok).toBe(30);
    // Refusals are fast and must not count in the latency metric.
    expect(result.metrics.find(({ name }) => name === 'tts_latency')?.values['count']).toBeLessThanOrEqual(
      30,
    );
    expect(result.thresholds.find(({ metric }) => metric === 'http_req_failed')?.status).toBe('fail');
  });

  it.concurrent(
    'has its token renewed before it ends; one that came too late is unauthorized, and sent again',
    async () => {
      const mock = await startMock({ preset: 'fast', settings: ['auth.tokenLifetimeMs=3000'] });
      const run = await runInK6({ baseUrl: mock.url, test: 'chat', executor: once(2, 2) });
      const result = await run.result();
      const counts = countsOf(mock.counters(), 'run');
      await mock.close();
      // On a busy machine the 0.3 s between renewal and end of a token may pass before the request arrives.
      const refused = Object.values(counts).reduce((sum, each) => sum + (each['unauthorized'] ?? 0), 0);
      expect(run.exit, run.log).toEqual({ exitCode: refused === 0 ? 0 : 99, abort: undefined });
      expect(result.totals.outcomes.unauthorized).toBe(refused);
      expect(counts['auth.login']!['ok']).toBeGreaterThanOrEqual(2);
      expect(result.checks.filter(({ fails }) => fails > 0)).toEqual([]);
    },
  );

  it.concurrent('with a token per user, logins keep to the five a second of the core', async () => {
    const mock = await startMock({ preset: 'fast', settings: ['dialect=core'] });
    const run = await runInK6({
      baseUrl: mock.url,
      test: 'memory',
      identity: 'per-user',
      executor: once(12),
    });
    const result = await run.result();
    await mock.close();
    expect(run.exit, run.log).toEqual({ exitCode: 0, abort: undefined });
    expect(countsOf(mock.counters(), 'run')['auth.login']).toEqual({ ok: 12 });
    expect(outcomesOf(result)['auth.login']).toEqual({ ok: 12 });
  });

  it.concurrent('is accounted for when k6 is interrupted: what was cut off is no failure', async () => {
    const mock = await startMock({ preset: 'fast' });
    const run = await runInK6({
      baseUrl: mock.url,
      executor: { kind: 'constant-vus', vus: 5, duration: '1m' },
      stopAfterMs: 5500,
    });
    const result = await run.result();
    const counts = countsOf(mock.counters(), 'run');
    await mock.close();
    expect(run.exit.exitCode).toBe(105);
    expect(outcomesOf(result)).toEqual(counts);
    expect(result.iterations).toEqual({ planned: 10, completed: 5, failed: 0, dropped: 0, interrupted: 5 });
  });
});

describe.skipIf(k6 === undefined)('a file of k6 that is not whole', () => {
  const read = async (path: string) =>
    (await readK6([{ fileName: 'x.json', chunks: createReadStream(path) }])).result();

  it('is read as far as it goes, and the document says so', async () => {
    const mock = await startMock({ preset: 'fast' });
    const run = await runInK6({ baseUrl: mock.url, test: 'memory', executor: once(3) });
    await mock.close();
    const whole = await run.result();
    const path = join(run.folder, 'samples.json');
    const { length } = readFileSync(path);

    truncateSync(path, Math.floor(length * 0.6) - 1);
    const cut = await read(path);
    expect(cut.run.end).toMatchObject({ kind: 'error', reason: expect.stringMatching(/cut off/) as string });
    expect(cut.verdict.status).toBe('not-valid');
    expect(cut.notes.map(({ code }) => code)).toContain('k6-cut-off');
    expect(cut.totals.requests).toBeGreaterThan(0);
    expect(cut.totals.requests).toBeLessThan(whole.totals.requests);
  });

  it('keeps unknown metrics, and names what it cannot read', async () => {
    const mock = await startMock({ preset: 'fast' });
    const run = await runInK6({ baseUrl: mock.url, test: 'memory' });
    await mock.close();
    const path = join(run.folder, 'samples.json');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"chat_latency"', '"something"'));
    appendFileSync(
      path,
      [
        '{"type":"Metric","data":{"name":"browser_lcp","type":"trend","contains":"time","thresholds":[],"submetrics":null},"metric":"browser_lcp"}',
        '{"metric":"browser_lcp","type":"Point","data":{"time":"2026-11-22T18:00:00.5+01:00","value":1234.5,"tags":{}}}',
        '{"metric":"mystery","type":"Point","data":{"time":"2026-11-22T18:00:00Z","value":1,"tags":null}}',
        'not JSON at all',
        '',
      ].join('\n'),
    );
    const result = await read(path);
    expect(result.run.end.kind).toBe('completed');
    expect(result.metrics.find(({ name }) => name === 'browser_lcp')?.values).toMatchObject({
      count: 1,
      avg: 1234.5,
    });
    const texts = result.notes.map(({ code, text }) => `${code}: ${text}`).join('\n');
    expect(texts).toMatch(/k6-unknown-metrics: .*mystery \(1 sample\)/);
    expect(texts).toMatch(/k6-unreadable-lines: 1 line/);
  });

  it('that is no output of k6 is refused by name', async () => {
    const chunks = async function* () {
      yield Buffer.from('{"a": 1}\nhello\n');
    };
    await expect(readK6([{ fileName: 'notes.txt', chunks: chunks() }])).rejects.toThrow(
      /notes\.txt is not output of k6.*2 lines/,
    );
  });
});
