import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redactor } from '@jarvis-load/engine';
import { afterAll, describe, expect, it } from 'vitest';
import { driveK6 } from '../src/k6/drive-k6.ts';
import type { K6Request } from '../src/k6/k6-request.ts';
import { readK6Arguments } from '../src/k6/read-arguments.ts';
import { Interruption } from '../src/run/interruption.ts';

const cwd = mkdtempSync(join(tmpdir(), 'jarvis-drive-k6-'));
const [samplesFile, summaryFile] = [join(cwd, 'samples.json'), join(cwd, 'summary.json')];
afterAll(() => rmSync(cwd, { recursive: true }));

/** Runs a shell script in the place of k6. */
function drive(
  script: string,
  { redactor = new Redactor(), flags = [] as readonly string[], thresholds = {} } = {},
) {
  const program = join(cwd, 'k6');
  writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const started: number[] = [];
  const said: string[] = [];
  const request = {
    test: { script: 'script.js', nameInK6: 'chat' },
    settings: { quiet: true },
    arguments: readK6Arguments(flags),
    k6: { path: program },
    progress: { warn: (text: string) => said.push(text) },
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
  const options = { samplesFile, summaryFile, variables: {}, redactor };
  const scenario = { name: 'chat', operations: [], thresholds } as unknown as Parameters<typeof driveK6>[1];
  return { started, said, outcome: driveK6(request, scenario, options) };
}

it.skipIf(process.platform === 'win32')(
  'ends k6 where its samples cannot be read, and leaves no token',
  async () => {
    const summary = '{"setup_data":{"token":"secret"},"metrics":{}}';
    const { started, outcome } = drive(
      `echo '${summary}' > '${summaryFile}'\nmkdir '${samplesFile}'\nexec sleep 300`,
    );
    await expect(outcome).rejects.toThrow('EISDIR');
    expect(() => process.kill(started[0]!, 0)).toThrow('ESRCH');
    expect(JSON.parse(readFileSync(summaryFile, 'utf8'))).toEqual({ metrics: {} });
    rmdirSync(samplesFile);
  },
);

it.skipIf(process.platform === 'win32')('the text of an abort has no secret, nor half of one', async () => {
  const secret = 'k3y-'.repeat(10);
  const text = `${'x'.repeat(980)} ${secret} ${'y'.repeat(100)}`;
  const line = `level=error msg="test aborted: jarvis-load abort [login-failed]: ${text}"`;
  const { outcome } = drive(`: > '${samplesFile}'\necho '${line}' >&2`, {
    redactor: new Redactor([secret]),
  });
  const { abort } = (await outcome).exit;
  expect(abort?.text).toMatch(/^x{980} \*\*\* y{15}…$/);
});

describe.skipIf(process.platform === 'win32')('the reason of an abort is known', () => {
  const secret = 'k3y-'.repeat(10);
  const aborted = 'test aborted: jarvis-load abort [stopped]: enough';
  const logfmt = `time="2026-11-30T00:00:00Z" level=error msg="${aborted}"`;
  const other = `level=info msg="X-Api-Key: ${secret}"`;
  const begin = `: > '${samplesFile}'\necho "$@" > arguments\n`;
  const reason = { code: 'stopped', text: 'enough' };

  it.each([
    ['in JSON', ['--log-format=json'], JSON.stringify({ level: 'error', msg: aborted }), '--log-format=json'],
    ['alone on its line', ['--log-format', 'raw'], aborted, '--log-format=raw'],
    ['of --log-output=stderr', ['--log-output=stderr'], logfmt, undefined],
    ['of --log-output=stdout', ['--log-output=none', '--log-output=stdout'], logfmt, undefined],
    ['of --log-output=none', ['--log-output=none'], logfmt, undefined],
  ])('%s', async (_how, flags, line, passed) => {
    const script = `${begin}echo '${other}' >&2\necho '${line}' >&2\nexit 108`;
    const { said, outcome } = drive(script, { redactor: new Redactor([secret]), flags });
    expect((await outcome).exit).toEqual({ exitCode: 108, abort: reason });
    const given = readFileSync(join(cwd, 'arguments'), 'utf8');
    expect(given.match(/--log-\S+/)?.[0]).toBe(passed);
    const hidden = flags.at(-1) === '--log-output=none';
    expect(said).toEqual(hidden ? [] : ['level=info msg="X-Api-Key: ***"']);
  });

  it('in a file, of what k6 appended to it', async () => {
    const before = 'level=error msg="test aborted: jarvis-load abort [neither]: of the run before"\n';
    writeFileSync(join(cwd, 'k6.log'), before);
    const flags = ['--log-output=file=k6.log,level=info'];
    const { outcome } = drive(`${begin}echo '${logfmt}' >> k6.log\nexit 108`, { flags });
    expect((await outcome).exit.abort).toEqual(reason);
    expect(readFileSync(join(cwd, 'arguments'), 'utf8')).toContain(flags[0]);
    const passes = drive(`${begin}exit 0`, { flags });
    expect((await passes.outcome).exit).toEqual({ exitCode: 0, abort: undefined });
  });
});

it.skipIf(process.platform === 'win32').each([
  [[], 1001],
  [['--http-debug=full'], 3000],
])('long lines of the log are cut, but for the exchanges that were asked for: %j', async (flags, length) => {
  const { said, outcome } = drive(`: > '${samplesFile}'\necho '${'x'.repeat(3000)}' >&2`, { flags });
  await outcome;
  expect(said.map((line) => line.length)).toEqual([length]);
});

it.skipIf(process.platform === 'win32')(
  'has each threshold once, however the file writes its unit, as k6 judged it',
  async () => {
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
    } = await drive(`cp '${from}' '${samplesFile}'\ncp '${export_}' '${summaryFile}'`, { thresholds })
      .outcome;
    const result = reading!.result({ summary: written, exitCode: exit.exitCode });
    expect(result.thresholds.map((each) => [each.metric, each.expression, each.status])).toEqual([
      [named, 'p(95)<500', 'pass'],
      ['http_req_failed', 'rate<0.01', 'pass'],
    ]);
  },
);
