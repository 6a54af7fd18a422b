import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { chromiumPath, launch, openPage } from '../../../packages/live/test/support/browser.ts';
import { Workspace } from './support/cli.ts';
import { ask, pageOf } from './support/live-page.ts';

const LONG_MS = 240_000;
/** Pages and runs beside busy processes. */
const SLOW = { timeout: 60_000 };

let workspace: Workspace;
beforeEach(() => {
  workspace = new Workspace();
});
afterEach(() => {
  workspace.remove();
});

function documentOf(runId: string): RunResult {
  const path = join(workspace.directory, 'results', runId, 'result.json');
  return JSON.parse(readFileSync(path, 'utf8')) as RunResult;
}

interface Stats {
  readonly state: string;
  readonly runId: string;
  readonly users: number;
  readonly requests: number;
  readonly failed: number;
  readonly operations: readonly {
    readonly scenario: string;
    readonly operation: string;
    readonly requests: number;
  }[];
}

describe('jarvis-load ui', () => {
  it(
    'is steered by a program, and counts what the document counts, to the last request',
    async () => {
      const run = workspace.start(['ui', '--target=mock', '--ui-port=0', '--quiet']);
      const page = await pageOf(run);
      const stats = async () => (await ask(page, 'GET', '/stats/requests')) as Stats;
      const load = { kind: 'users', users: 4 };
      await expect(ask(page, 'POST', '/run/users', { users: 4 })).rejects.toThrow('409');
      await expect(ask(page, 'POST', '/run/rate', { rate: 4 })).rejects.toThrow('409');
      await ask(page, 'POST', '/run', { target: 'mock', scenarios: ['memory'], load });
      await expect.poll(async () => (await stats()).requests, SLOW).toBeGreaterThan(3);
      await expect(
        ask(page, 'POST', '/run', { target: 'mock', scenarios: ['memory'], load }),
      ).rejects.toThrow('409');
      await ask(page, 'POST', '/run/users', { users: 9 });
      await expect.poll(async () => (await stats()).users, SLOW).toBe(9);
      const { log } = (await ask(page, 'GET', '/state')) as { readonly log: readonly { text: string }[] };
      expect(log.map(({ text }) => text)).toContain('memory: users set to 9');
      expect(log.filter(({ text }) => text.trim() === '')).toEqual([]);

      // A report of the run while it is on; the run goes on.
      const counted = (await stats()).requests;
      const soFar = (await ask(page, 'GET', '/run/reports/result.json')) as RunResult;
      expect(soFar.totals.requests).toBeGreaterThanOrEqual(counted);
      expect(soFar.run.end).toEqual({
        kind: 'interrupted',
        reason: expect.stringMatching(/^it was still on after \d/),
      });
      expect((await stats()).state).toBe('running');

      const events = await fetch(`${page.api}/events`, {
        headers: { authorization: `Bearer ${page.token}` },
      });
      const text = events.text();
      await ask(page, 'DELETE', '/run');
      await expect.poll(async () => (await stats()).state, SLOW).toBe('ended');
      const end = await stats();
      const result = documentOf(end.runId);
      expect(result.run.end).toMatchObject({ kind: 'stopped' });
      expect(end).toMatchObject({ requests: result.totals.requests, failed: result.totals.failed });
      run.child.kill('SIGINT');
      expect((await run.ended).code).toBe(130);

      // Not only what the document set at the end: also what the seconds had added up to.
      const seconds = (await text).split('\n\n').filter((event) => event.includes('event: second'));
      const last = JSON.parse(/^data: (.*)$/m.exec(seconds.at(-1) ?? '')?.[1] ?? '') as {
        readonly now: Stats;
      };
      const counts = ({ operations }: Pick<Stats, 'operations'>) =>
        operations
          .map(({ scenario, operation, requests }) => `${scenario} ${operation} ${requests}`)
          .toSorted();
      expect(counts(last.now)).toEqual(counts(result));
    },
    LONG_MS,
  );

  it('refuses a target that is not configured, before it listens', async () => {
    const { code, err } = await workspace.start(['ui', '--target=http://victim.example', '--ui-port=0'])
      .ended;
    expect(code).toBe(2);
    expect(err).toContain('"http://victim.example" is not configured');
  });
});

describe.skipIf(chromiumPath === undefined)('the live page on a real run, in Chromium', () => {
  let browser: Awaited<ReturnType<typeof launch>>;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });

  it(
    'starts, changes users, makes the mock slow until a promise breaks, stops, downloads, and starts again with a rate',
    async () => {
      const run = workspace.start(['ui', '--target=mock', '--ui-port=0', '--quiet']);
      const { url } = await pageOf(run);
      const { page, complaints } = await openPage(browser, url);
      page.setDefaultTimeout(SLOW.timeout);
      const total = async () =>
        Number(/([\d,]+) in all/.exec(await page.locator('.figures').innerText())?.[1]?.replaceAll(',', ''));
      const usersNow = () =>
        page.locator('.figure', { hasText: 'Users' }).locator('.figure-value').innerText();
      const stateIs = async (pattern: RegExp): Promise<void> => {
        await expect.poll(() => page.locator('#state').innerText(), SLOW).toMatch(pattern);
      };

      await page.getByLabel('Users in all').fill('10');
      for (const name of ['voice-user', 'memory']) await page.locator(`input[value=${name}]`).uncheck();
      await page.getByRole('button', { name: 'Start' }).click();
      await stateIs(/Running/);
      await page.locator('.figures').waitFor();
      const before = await total();
      await expect.poll(total, SLOW).toBeGreaterThan(before);

      await page.locator('input[name=value]').fill('50');
      await page.getByRole('button', { name: 'Set' }).click();
      await expect.poll(usersNow, SLOW).toBe('50');

      await page.locator('#tab-mock').click();
      await page.getByRole('spinbutton', { name: 'Latency of a chat turn' }).fill('6000');
      await page.getByRole('button', { name: 'Set Latency of a chat turn' }).click();
      await page.locator('#tab-overview').click();
      await page.locator('tr.row-fail', { hasText: 'chat.send p95' }).waitFor();
      await page.getByRole('heading', { name: 'Fails so far' }).waitFor();
      expect(await page.locator('.mark-mock, .mark-load').count()).toBe(2);

      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await stateIs(/FAIL|NOT VALID/);
      await page.getByRole('heading', { name: 'Reports' }).waitFor();
      const links = await page.locator('.files a').all();
      expect(links.length).toBeGreaterThanOrEqual(6);
      for (const link of links) {
        const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
        const [, runId = '', file = ''] =
          /^(\d{8}-\d{6}-[\da-f]{4})-(.+)$/.exec(download.suggestedFilename()) ?? [];
        const kept = readFileSync(join(workspace.directory, 'results', runId, file));
        expect(readFileSync(await download.path()).equals(kept), file).toBe(true);
        if (file === 'result.json')
          expect(await total()).toBe((JSON.parse(kept.toString()) as RunResult).totals.requests);
      }

      await page.getByRole('button', { name: 'New run' }).click();
      await page.getByRole('radio', { name: 'Rate' }).check();
      await page.getByRole('button', { name: 'Start' }).click();
      await stateIs(/Running/);
      await page.locator('input[name=value]').fill('80');
      await page.getByRole('button', { name: 'Set' }).click();
      await page.locator('.mark-load').waitFor();
      await expect.poll(() => page.locator('input[name=value]').inputValue(), SLOW).toBe('80');

      // Killed: the page says so. Started again: it comes back by itself, with what the journal kept.
      await expect.poll(total, SLOW).toBeGreaterThan(20);
      run.child.kill('SIGKILL');
      await page.getByText('Connection lost').waitFor();
      const { port } = new URL(url);
      const again = workspace.start(['ui', '--target=mock', `--ui-port=${port}`, '--quiet']);
      await stateIs(/Cut off|NOT VALID/);
      await stateIs(/NOT VALID/);
      await page.getByText('nothing is known after').first().waitFor();
      expect(await total()).toBeGreaterThan(20);
      expect(await page.locator('.files a').count()).toBeGreaterThanOrEqual(6);
      await page.getByRole('button', { name: 'New run' }).click();
      await page.getByRole('button', { name: 'Start' }).waitFor();
      again.child.kill('SIGTERM');
      expect((await again.ended).code).toBe(143);
      expect(statSync(join(workspace.directory, '.state/jarvis-load/live-page-secret')).mode & 0o777).toBe(
        0o600,
      );
      expect(complaints.filter((text) => !text.includes('ERR_'))).toEqual([]);
      await page.context().close();
    },
    LONG_MS,
  );

  it(
    'shows an old run: its numbers, its course, the distribution of an operation, its files',
    async () => {
      const before = workspace.start([
        'load',
        '--target=mock',
        '--scenario=memory',
        '--users=2',
        '--duration=3s',
        '--quiet',
      ]);
      await before.ended;
      const result = workspace.result();
      const run = workspace.start(['ui', 'results/latest', '--ui-port=0']);
      const { url } = await pageOf(run);
      const { page, complaints } = await openPage(browser, url);
      await page.getByText(`${result.totals.requests.toLocaleString('en-US')} in all`).waitFor();
      expect(await page.getByRole('button', { name: /Start|Stop|New run/ }).count()).toBe(0);
      expect(await page.locator('.files a').count()).toBeGreaterThanOrEqual(6);
      expect(await page.locator('.files a').first().innerText()).toBe('report.html');
      await page.locator('#tab-operations').click();
      expect((await page.locator('tfoot').innerText()).split('\t').slice(0, 2)).toEqual([
        'All operations',
        result.totals.requests.toLocaleString('en-US'),
      ]);
      await page.getByRole('button', { name: 'memory.search' }).click();
      await page.getByText('Distribution of response times').waitFor();
      await page.locator('#tab-runs').click();
      await page.getByText(result.run.id).first().waitFor();
      expect(complaints).toEqual([]);
      run.child.kill('SIGTERM');
      expect((await run.ended).code).toBe(143);
      await page.context().close();
    },
    LONG_MS,
  );

  it(
    'changes the rate of a run of load --ui=control, pauses it and stops it; the report says so',
    async () => {
      const run = workspace.start([
        'load',
        '--target=mock',
        '--ui=control',
        '--ui-port=0',
        '--scenario=memory',
        '--rate=5',
        '--duration=10m',
        '--quiet',
      ]);
      const { url } = await pageOf(run);
      const { page, complaints } = await openPage(browser, url);
      page.setDefaultTimeout(SLOW.timeout);
      await page.getByLabel('Iterations per second', { exact: true }).fill('20');
      await page.getByRole('button', { name: 'Set' }).click();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByRole('button', { name: 'Resume' }).click();
      await expect.poll(() => page.locator('.mark-load').count(), SLOW).toBe(1);
      await page.getByRole('button', { name: 'Stop' }).click();
      await run.ended;
      await page.getByText('jarvis-load has ended').waitFor();
      expect(complaints.filter((text) => !text.includes('ERR_'))).toEqual([]);
      await page.context().close();
      const { scenarios, steering, run: record } = workspace.result();
      expect(scenarios[0]?.executor).toMatchObject({ kind: 'externally-controlled', rate: 5 });
      expect(steering).toEqual([{ atMs: expect.any(Number), scenario: 'memory', rate: 20 }]);
      expect(record.end).toMatchObject({ kind: 'stopped', reason: 'stopped at the live page' });
      const report = join(workspace.directory, 'results', record.id, 'report.html');
      expect(readFileSync(report, 'utf8')).toContain(
        'The load was changed while the run was on: 20 iterations/s at',
      );
    },
    LONG_MS,
  );

  it(
    'watches a run of load --ui, and shows its verdict before the command ends',
    async () => {
      const run = workspace.start([
        'load',
        '--target=mock',
        '--ui',
        '--ui-port=0',
        '--scenario=memory',
        '--users=2',
        '--duration=5s',
        '--quiet',
      ]);
      const { url } = await pageOf(run);
      const { page } = await openPage(browser, url);
      await expect.poll(() => page.locator('#state').innerText(), SLOW).toMatch(/Running/);
      expect(await page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
      await run.ended;
      await page.getByText('jarvis-load has ended').waitFor({ timeout: SLOW.timeout });
      expect(await page.locator('#state').innerText()).toMatch(/PASS|FAIL|NOT VALID/);
      await page.context().close();
    },
    LONG_MS,
  );
});
