import { setTimeout as sleep } from 'node:timers/promises';
import { mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workspace } from './support/cli.ts';

let workspace: Workspace;
beforeEach(() => void (workspace = new Workspace()));
afterEach(() => workspace.remove());

/** A short run of a scenario that requests all of its operations. */
const SHORT = ['load', '--target=mock', '--scenario=memory', '--stages=0s:5,3s:5'];

describe('load', () => {
  it('passes on the mock: verdict, reports, exit 0, no process left', async () => {
    const { code, out, err } = await workspace.run([...SHORT, '--seed=5', '--tag', 'build=7']);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/^\n {2}✓ PASS\n/);
    expect(out).toMatch(/memory\.search/);
    expect(err).toMatch(/mock on http:\/\/127\.0\.0\.1:\d+ \(documented contract\)/);
    const result = workspace.result();
    expect(result.run).toMatchObject({ seed: 5, tags: { build: '7' }, end: { kind: 'completed' } });
    expect(result.run.id).toMatch(/^\d{8}-\d{6}-[\da-f]{4}$/);
    expect(readlinkSync(join(workspace.directory, 'results', 'latest'))).toBe(result.run.id);
    expect(out).toMatch(
      new RegExp(`\\n {2}✓ PASS\\n[^]{20,900}\\n {2}results/${result.run.id}/report\\.html\\n$`),
    );
    await workspace.emptied();
  });

  it('fails on a degraded mock with the reasons in words: exit 99', async () => {
    const { code, out } = await workspace.run([...SHORT, '--set', 'mock.preset=degraded', '--summary=short']);
    expect(code, out).toBe(99);
    expect(out).toMatch(/^\n {2}✗ FAIL\n {2}\d+ of \d+ promises missed/);
    // At most five reasons, one of which tells what the machine did in four lines.
    expect(out.split('\n').length).toBeLessThan(24);
  });

  it('is not valid when nothing was measured: exit 98', async () => {
    // One iteration runs one task, so the other operation has no samples.
    const { code, out } = await workspace.run([
      'load',
      '--target=mock',
      '--scenario=chat-user',
      '--iterations=1',
      '--objectives=none',
      '--threshold=http_req_duration{operation:health}:p(95)<5000',
      '--threshold=http_req_duration{operation:chat.send}:p(95)<5000',
    ]);
    expect(code, out).toBe(98);
    expect(out).toMatch(/NOT VALID[^]*has no data/);
  });

  it('takes a threshold on an operation that no scenario makes for a mistake: exit 2', async () => {
    const { code, err } = await workspace.run([
      ...SHORT,
      '--threshold=http_req_duration{operation:chat.send}:p(95)<500',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('chat.send');
    await workspace.emptied();
  });

  it('says which limit is too small before the run, and which it met after it', async () => {
    const { code, out, err } = await workspace.run([
      'load',
      '--target=mock',
      '--scenario=chat-user',
      '--stages=0s:60,3s:60',
      '--objectives=none',
      '--set',
      'mock.preset=rate-limited',
      '--set',
      'mock.rateLimits.chat.requests=5',
    ]);
    expect(code).toBe(99);
    expect(err).toMatch(/warning: This run does not fit a limit of the target:.*5 per minute per token/);
    const { notes, operations } = workspace.result();
    expect(notes.map((note) => note.code)).toContain('rate-limit-advice');
    const { requests, failed, requestsPerSecond } = operations.find((row) => row.operation === 'chat.send')!;
    const hit = notes.find((note) => note.code === 'rate-limit-hit' && note.text.includes(' chat limit is '));
    expect(requests - failed).toBe(5);
    expect(hit?.text).toContain(
      `In ${Math.round(requests / requestsPerSecond)} s the run asked for ${requests}; 5 got through.`,
    );
    expect(out).toMatch(/429/);
  });

  it('stops on a target that goes away: exit 3, with reports', async () => {
    const mock = workspace.start(['mock', '--port=0', '--set', 'preset=fast']);
    await mock.says(/Ctrl-C ends it/);
    const url = /http:\/\/[\d.:]+/.exec(mock.out())?.[0] ?? '';
    const load = workspace.start([
      'load',
      `--target=${url}`,
      '--scenario=chat-user',
      '--stages=0s:30,60s:30',
    ]);
    await load.says(/^0:05/m);
    mock.child.kill('SIGKILL');
    const { code, out, err } = await load.ended;
    expect(code, out).toBe(3);
    expect(err).toMatch(/warning: .*the target is down/);
    expect(workspace.result().run.end.kind).toBe('circuit-breaker');
  });

  it('shows every request and answer with --once, and no secret', async () => {
    const { code, out, err } = await workspace.run([
      'load',
      '--target=mock',
      '--once',
      '--scenario=workflow',
      '--header=X-Team: hush-hush',
    ]);
    expect(code, out + err).toBe(0);
    expect(out).toMatch(/> \[workflow, run\] voice\.synthesize: POST http:/);
    expect(out).toMatch(/"audio_data": "[\w+/=]{60}\.\.\. \(\d+ .*\)"/);
    expect(out).toMatch(/"password": "\*\*\*"/);
    expect(out).toMatch(/authorization: \*\*\*/);
    expect(out + err).not.toMatch(/admin123|eyJ|hush-hush/);
    expect(workspace.result().totals.failed).toBe(0);
  });

  it('keeps secrets out of all reports', async () => {
    const { code } = await workspace.run(
      [
        ...SHORT,
        '--debug',
        '--set',
        'mock.auth.accounts=me:s3cret-w0rd',
        '--username=me',
        '--header=X-Api-Key: k3y-of-mine',
      ],
      { JARVIS_PASSWORD: 's3cret-w0rd' },
    );
    // The tester passes the password to the mock on the command line; only that place may contain it.
    expect(code).toBe(0);
    const directory = ['results', 'latest'] as const;
    for (const name of workspace.files(...directory)) {
      const text = workspace.file(...directory, name);
      expect(text, name).not.toContain('k3y-of-mine');
      expect(text, name).not.toContain('s3cret-w0rd');
      expect(text, name).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
    }
  });

  it('takes its settings from the config file, below the environment and the flags', async () => {
    writeFileSync(
      join(workspace.directory, 'jarvis-load.config.json'),
      JSON.stringify({
        target: 'mock',
        scenario: 'memory',
        stages: '0s:2,2s:2',
        tag: { from: 'file' },
        seed: 1,
      }),
    );
    const { code, err } = await workspace.run(['load', '--tag=by=flag'], { JARVIS_LOAD_SEED: '2' });
    // Two seconds are too few samples for every objective.
    expect(code, err).toBe(98);
    expect(workspace.result().run).toMatchObject({ seed: 2, tags: { from: 'file', by: 'flag' } });
    expect(workspace.result().config['command']).toBe('npx jarvis-load load --tag=by=flag --seed=2');
  });

  it('writes the formats that were asked for, and leaves a folder named latest alone', async () => {
    mkdirSync(join(workspace.directory, 'results', 'latest'), { recursive: true });
    const { code } = await workspace.run([...SHORT, '--format=csv,junit', '--quiet']);
    expect(code).toBe(0);
    const [run = ''] = workspace.files('results').filter((name) => name !== 'latest');
    expect(workspace.files('results', run)).toEqual([
      'exceptions.csv',
      'failures.csv',
      'history.csv',
      'junit.xml',
      'result.json',
      'stats.csv',
    ]);
    expect(workspace.file('results', run, 'junit.xml')).toMatch(
      /<testsuites name="jarvis-load [\d-]+\w*" tests="\d+" failures="0" errors="0"[^]*<testcase classname="jarvis-load.verdict" name="memory on mock"/,
    );
    expect(workspace.files('results')).toHaveLength(2);
  });
});

describe('the environment', () => {
  it('is warned of a variable that is mistyped', async () => {
    const { code, err } = await workspace.run(['targets'], { JARVIS_LOAD_USER: '5' });
    expect(code).toBe(0);
    expect(err).toContain('JARVIS_LOAD_USER means nothing to jarvis-load; did you mean JARVIS_LOAD_USERS?');
  });
});

describe('report', () => {
  it('renders the views again from the document, the same each time', async () => {
    await workspace.run(SHORT);
    const directory = ['results', 'latest'] as const;
    const before = workspace.files(...directory).map((name) => [name, workspace.file(...directory, name)]);
    for (const [name = ''] of before)
      if (name !== 'result.json') rmSync(join(workspace.directory, ...directory, name));
    await sleep(10);
    const first = await workspace.run(['report', 'results/latest']);
    expect(first.code, first.err).toBe(0);
    expect(first.out).toMatch(/✓ PASS/);
    expect(workspace.files(...directory).map((name) => [name, workspace.file(...directory, name)])).toEqual(
      before,
    );
    const again = await workspace.run(['report', 'results/latest/result.json', '--format=junit']);
    expect(new Set(workspace.files(...directory))).toEqual(
      new Set([...before.map(([name]) => name), 'junit.xml']),
    );
    expect(again.out.split('REPORTS')[0]).toBe(first.out.split('REPORTS')[0]);
  });

  it('follows a text file named latest, where there are no links', async () => {
    await workspace.run(SHORT);
    const latest = join(workspace.directory, 'results', 'latest');
    const run = readlinkSync(latest);
    rmSync(latest);
    writeFileSync(latest, `${run}\n`);
    expect((await workspace.run(['report', 'results/latest'])).code).toBe(0);
    rmSync(latest);
    symlinkSync(run, latest);
  });
});

describe('lists', () => {
  it.each(['scenarios', 'profiles', 'targets'])('%s are one line each, on stdout', async (command) => {
    const { code, out } = await workspace.run([command]);
    expect(code).toBe(0);
    expect(out).toMatch(/^[a-z-]+ {2,}\S/);
  });
});
