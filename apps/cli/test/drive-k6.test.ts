import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '@jarvis-load/engine';
import { afterAll, describe, expect, it } from 'vitest';
import { driveK6 } from '../src/k6/drive-k6.ts';
import type { K6Request } from '../src/k6/k6-request.ts';
import { Interruption } from '../src/run/interruption.ts';

const cwd = mkdtempSync(join(tmpdir(), 'jarvis-drive-k6-'));
afterAll(() => rmSync(cwd, { recursive: true }));

/** Runs `k6`, a shell script that is called as k6 is. */
function drive(k6: string, scenario: object, started: number[] = []) {
  const program = join(cwd, 'k6');
  writeFileSync(program, `#!/bin/sh\n${k6}\n`, { mode: 0o755 });
  const request = {
    test: { script: 'script.js', nameInK6: 'chat' },
    settings: { quiet: true },
    arguments: [],
    k6: { path: program },
    progress: { warn: () => undefined },
    context: {
      cwd,
      environment: { PATH: process.env['PATH'] },
      interruption: new Interruption(new EventEmitter(), () => undefined),
      guardChild: (pid: number) => {
        started.push(pid);
        return () => undefined;
      },
    },
  } as unknown as K6Request;
  return driveK6(
    request,
    { name: 'chat', operations: [], ...scenario } as unknown as Parameters<typeof driveK6>[1],
    { samplesFile, summaryFile, variables: {}, redactor: new Redactor() },
  );
}

const [samplesFile, summaryFile] = [join(cwd, 'samples.json'), join(cwd, 'summary.json')];

describe.skipIf(process.platform === 'win32')('a run of k6', () => {
  it('is ended where its samples cannot be read, and leaves no token', async () => {
    const summary = '{"setup_data":{"token":"secret"},"metrics":{}}';
    const started: number[] = [];
    const run = drive(
      `echo '${summary}' > '${summaryFile}'\nmkdir '${samplesFile}'\nexec sleep 300`,
      {},
      started,
    );
    await expect(run).rejects.toThrow('EISDIR');
    expect(() => process.kill(started[0]!, 0)).toThrow('ESRCH');
    expect(JSON.parse(readFileSync(summaryFile, 'utf8'))).toEqual({ metrics: {} });
    rmSync(samplesFile, { recursive: true });
  });

  it('has each threshold once, however the file writes its unit, as k6 judged it', async () => {
    const thresholds = {
      'http_req_duration{operation:chat.send}': ['p(95)<500ms'],
      http_req_failed: [{ threshold: 'rate<1%', abortOnFail: true }],
    };
    const named = 'http_req_duration{name:chat.send}';
    const metric = (name: string, type: string, contains: string, own: string[], selection: string[]) => ({
      type: 'Metric',
      data: {
        name,
        type,
        contains,
        thresholds: own,
        submetrics:
          selection.length === 0 ? null : [{ name: named, suffix: '', tags: {}, thresholds: selection }],
      },
      metric: name,
    });
    const point = (name: string, value: number) => ({
      metric: name,
      type: 'Point',
      data: {
        time: '2026-11-22T18:00:00.5Z',
        value,
        tags: { name: 'chat.send', scenario: 'chat', method: 'GET', status: '200' },
      },
    });
    // The sample of rank 950 is 501; k6 interpolates to less than 500.
    const times = Array.from({ length: 1000 }, (_, index) => (index < 949 ? 400 : 501));
    const lines = [
      metric('http_req_duration', 'trend', 'time', [], ['p(95)<500']),
      metric('http_req_failed', 'rate', 'default', ['rate<0.01'], []),
      ...times.flatMap((time) => [point('http_req_duration', time), point('http_req_failed', 0)]),
    ];
    const summary = {
      metrics: {
        [named]: { 'p(95)': 499, thresholds: { 'p(95)<500': false } },
        http_req_failed: { passes: 0, fails: 1000, value: 0, thresholds: { 'rate<0.01': false } },
      },
    };
    const [from, export_] = [join(cwd, 'from.json'), join(cwd, 'export.json')];
    writeFileSync(from, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    writeFileSync(export_, JSON.stringify(summary));
    const {
      exit,
      reading,
      summary: written,
    } = await drive(`cp '${from}' '${samplesFile}'\ncp '${export_}' '${summaryFile}'`, { thresholds });
    const result = reading!.result({ summary: written, exitCode: exit.exitCode });
    expect(result.thresholds.map((each) => [each.metric, each.expression, each.status])).toEqual([
      [named, 'p(95)<500', 'pass'],
      ['http_req_failed', 'rate<0.01', 'pass'],
    ]);
  });
});
