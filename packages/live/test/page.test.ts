import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LiveStore } from '../src/record/live-store.ts';
import { startLiveServer } from '../src/server/start-live-server.ts';
import { axeFindings, chromiumPath, launch, openPage } from './support/browser.ts';
import { FakeControl } from './support/fake-control.ts';
import { fillStore, pointAt } from './support/fill-store.ts';
import { serve } from './support/serve.ts';

/** A browser beside busy processes. */
const LONG_MS = 180_000;

const TABS = ['overview', 'operations', 'streams', 'failures', 'ratio', 'generator', 'log', 'mock', 'runs'];

const mock = {
  read: () =>
    Promise.resolve({
      preset: 'typical',
      turnP50Ms: 100,
      turnP95Ms: 300,
      capacity: null,
      rateLimits: false,
      errorShare: 0,
    }),
  change: () => mock.read(),
};

const archive = {
  list: () => [
    {
      runId: '20261127-120000-abcd',
      startedAt: '2026-11-28T12:00:00.000Z',
      target: 'mock',
      verdict: 'pass',
      requests: 1200,
      p95Ms: 120,
      files: ['result.json'],
    },
  ],
  read: () => undefined,
  history: () => ({ binMs: 1000, points: Array.from({ length: 30 }, (_, second) => pointAt(second, 777)) }),
  show: () => Promise.resolve(undefined),
};

it('is small: all that a browser loads is below 150 kB, compressed', () => {
  const assets = join(import.meta.dirname, '..', 'dist', 'assets');
  const bytes = ['index.html', 'page.js', 'page.css'].map(
    (name) => gzipSync(readFileSync(join(assets, name))).length,
  );
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(150_000);
});

describe.skipIf(chromiumPath === undefined)('the live page in Chromium', { timeout: LONG_MS }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });

  it('shows how to get in without a token, and no more', async () => {
    const { url } = await serve();
    const page = await (await browser.newContext()).newPage();
    await page.goto(url.replace(/#.*/, ''));
    await page.getByText('#token=').waitFor();
    expect(await page.locator('[role=tab]').count()).toBe(0);
    await page.context().close();
  });

  it('takes the token out of the address, and asks no other server for anything', async () => {
    const server = await serve({ control: new FakeControl() });
    fillStore(server.store);
    const { page, complaints, foreign } = await openPage(browser, server.url);
    expect(page.url()).toBe(`http://localhost:${server.port}/`);
    expect(complaints).toEqual([]);
    expect(foreign).toEqual([]);
    await page.context().close();
  });

  it('shows markup of the target as text, wherever it comes from', async () => {
    const server = await serve({ control: new FakeControl() });
    fillStore(server.store);
    const { page, complaints } = await openPage(browser, server.url);
    for (const tab of TABS.slice(0, 7)) {
      await page.locator(`#tab-${tab}`).click();
      for (const details of await page.locator('#panel details').all())
        await details.locator('summary').first().click();
      expect(await page.locator('#panel img, #panel script').count(), tab).toBe(0);
    }
    await page.locator('#tab-failures').click();
    expect(await page.locator('#panel').innerText()).toContain('<img src=x onerror=');
    expect(await page.locator('#panel').innerText()).toContain('950 × other exceptions');
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility fault that axe finds (%s)',
    async (colorScheme) => {
      const server = await serve({ control: new FakeControl(), mock: () => mock, archive });
      const { page } = await openPage(browser, server.url, { colorScheme, reducedMotion: 'reduce' });
      await page.getByRole('button', { name: 'Start' }).waitFor();
      expect(await axeFindings(page), 'start form').toEqual([]);
      fillStore(server.store);
      server.store.setSession({ mock: true });
      await page.locator('#tab-mock').waitFor();
      for (const tab of TABS) {
        await page.locator(`#tab-${tab}`).click();
        if (tab === 'mock') await page.getByRole('heading', { name: 'Mock' }).waitFor();
        if (tab === 'operations') await page.getByRole('button', { name: 'chat.send' }).click();
        expect(await axeFindings(page), tab).toEqual([]);
      }
      await page.context().close();
    },
  );

  it('shows an operation with its thresholds, and no course of another one', async () => {
    const server = await serve();
    fillStore(server.store);
    const { page } = await openPage(browser, server.url);
    await page.route(/operation=%3Cimg/, (route) =>
      route.fulfill({ status: 404, json: { message: 'none' } }),
    );
    await page.locator('#tab-operations').click();
    await page.getByRole('button', { name: 'chat.send' }).click();
    const detail = page.locator('.detail');
    await detail.locator('figure').nth(1).waitFor();
    expect(await detail.innerText()).toContain('http_req_duration{operation:chat.send,status:200} min>0');
    await page.getByRole('button', { name: '<img' }).click();
    await detail.getByText(/^No course of <img.* is known\.$/).waitFor();
    expect(await detail.locator('figure').count()).toBe(0);
    await page.context().close();
  });

  it('draws an earlier run beside this one, names the stages, and saves the chart as a picture', async () => {
    const server = await serve({ archive });
    fillStore(server.store, 40);
    const { page, complaints } = await openPage(browser, server.url);
    await page.getByLabel('Beside an earlier run').selectOption('20261127-120000-abcd');
    await page.getByRole('button', { name: 'p95, earlier run' }).waitFor();
    await page.getByText('Numbers of this chart').click();
    const row = (await page.locator('.data tbody tr').nth(10).innerText()).split('\t');
    expect(row).toContain('777');
    expect((await page.locator('.data tbody tr').nth(35).innerText()).split('\t')).toContain('–');
    expect(await page.locator('.chart svg').first().textContent()).toContain('hold 10');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as PNG' }).first().click();
    const picture = readFileSync(await (await download).path());
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect((await download).suggestedFilename()).toBe('course-of-the-run.png');
    // Width and height of the picture: twice those of the chart, with a margin.
    expect(picture.readUInt32BE(16)).toBeGreaterThan(800);
    expect(picture.byteLength).toBeGreaterThan(8000);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows the whole history after a reload, and the same in a second browser', async () => {
    const server = await serve();
    const { addSecond } = fillStore(server.store, 40);
    const first = await openPage(browser, server.url);
    addSecond();
    await first.page.reload();
    await first.page.getByText('Numbers of this chart').click();
    await expect.poll(() => first.page.locator('.data tbody tr').count()).toBe(41);
    const second = await openPage(browser, server.url);
    addSecond();
    const total = `${server.store.state.now?.requests.toLocaleString('en-US')} in all`;
    for (const { page } of [first, second]) await page.getByText(total).waitFor();
    const texts = await Promise.all([first, second].map(({ page }) => page.locator('.figures').innerText()));
    expect(texts[0]).toBe(texts[1]);
    for (const { page } of [first, second]) await page.context().close();
  });

  it('says that the connection is lost, and where a restart does not know it, how to get in again', async () => {
    const server = await serve({ control: new FakeControl() });
    fillStore(server.store);
    const { page } = await openPage(browser, server.url);
    await server.close();
    await page.getByText('Connection lost').waitFor();
    const again = await startLiveServer({ store: new LiveStore('control'), port: server.port });
    onTestFinished(() => again.close());
    await page.getByText('Open the address that it printed').waitFor();
    expect(await page.locator('.figures').count()).toBe(1);
    await page.context().close();
  });

  it('comes back after a restart by itself, with what was kept of its run, and opens runs of the folder', async () => {
    const cookieSecret = 'the same one before and after';
    const first = await serve({ control: new FakeControl(), cookieSecret });
    fillStore(first.store);
    const { run, now, history } = first.store.state;
    if (run === null || now === null) throw new Error('the store has no run');
    const asked: string[] = [];
    const withRuns = {
      ...archive,
      show: (runId: string) => {
        asked.push(runId);
        const verdict = { status: 'not-valid' as const, headline: 'The run was cut off', reasons: [] };
        return Promise.resolve({ run, now, history, verdict, courseOf: () => undefined, reports: [] });
      },
    };
    const { page } = await openPage(browser, first.url);
    await first.close();
    await page.getByText('Connection lost').waitFor();
    const control = new FakeControl();
    const again = await startLiveServer({
      store: new LiveStore('control'),
      port: first.port,
      control,
      archive: withRuns,
      cookieSecret,
    });
    onTestFinished(() => again.close());
    await page.getByText('The run was cut off.').waitFor();
    expect(asked).toEqual([run.runId]);
    expect(await page.locator('.figures').innerText()).toContain(
      `${now.requests.toLocaleString('en-US')} in all`,
    );
    await page.locator('#tab-runs').click();
    await page.getByRole('button', { name: '20261127-120000-abcd' }).click();
    await page.getByText('The run was cut off.').waitFor();
    expect(asked).toEqual([run.runId, '20261127-120000-abcd']);
    await page.getByRole('button', { name: 'New run' }).click();
    await expect.poll(() => control.calls).toEqual(['reset']);
    await page.context().close();
  });

  it('connects again by itself when its connection breaks, and shows what it missed', async () => {
    const sockets = new Set<Socket>();
    const onRequest = (message: unknown): void => {
      const { request, socket } = message as { readonly request: IncomingMessage; readonly socket: Socket };
      if (request.url === '/api/events') sockets.add(socket);
    };
    subscribe('http.server.request.start', onRequest);
    onTestFinished(() => void unsubscribe('http.server.request.start', onRequest));
    const server = await serve();
    const { addSecond } = fillStore(server.store, 40);
    const { page } = await openPage(browser, server.url);
    for (const socket of sockets) socket.destroy();
    for (let second = 0; second < 3; second++) addSecond();
    await page.getByText(`${server.store.state.now?.requests.toLocaleString('en-US')} in all`).waitFor();
    expect(await page.getByText('Connection lost').count()).toBe(0);
    await page.getByText('Numbers of this chart').click();
    await expect.poll(() => page.locator('.data tbody tr').count()).toBe(43);
    expect(sockets.size).toBe(2);
    await page.context().close();
  });

  it('leaves a screen reader in peace while numbers change, and tells it a new state', async () => {
    const server = await serve();
    const { addSecond } = fillStore(server.store, 5);
    const { page } = await openPage(browser, server.url);
    await page.evaluate<void>(`
      globalThis.spoken = [];
      for (const region of document.querySelectorAll('[aria-live], [role=status], [role=alert], [role=log]'))
        new MutationObserver(() => globalThis.spoken.push(region.textContent.trim()))
          .observe(region, { childList: true, characterData: true, subtree: true });
    `);
    for (let second = 0; second < 20; second++) addSecond();
    await page.getByText(`${server.store.state.now?.requests.toLocaleString('en-US')} in all`).waitFor();
    server.store.setSession({ state: 'paused' });
    await expect.poll(() => page.evaluate<string[]>('globalThis.spoken')).toEqual(['Paused']);
    expect(await page.title()).toBe('Paused, fails so far – jarvis-load');
    await page.context().close();
  });

  it('fits into 320 px, as at a zoom of 400 %', async () => {
    const server = await serve({ control: new FakeControl(), mock: () => mock, archive });
    const { page } = await openPage(browser, server.url, { viewport: { width: 320, height: 640 } });
    const overflow = () =>
      page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await page.getByRole('button', { name: 'Start' }).waitFor();
    expect(await overflow(), 'start form').toBe(0);
    fillStore(server.store);
    server.store.setSession({ mock: true });
    await page.locator('#tab-mock').waitFor();
    for (const tab of TABS) {
      await page.locator(`#tab-${tab}`).click();
      expect(await overflow(), tab).toBe(0);
    }
    await page.context().close();
  });

  it('lets nothing move where the system asks for reduced motion', async () => {
    const server = await serve({ control: new FakeControl(), mock: () => mock, archive });
    const { addSecond } = fillStore(server.store);
    server.store.setSession({ mock: true });
    // The page moves nothing by itself; this is what a later style could add anywhere.
    const { page } = await openPage(browser, server.url, { reducedMotion: 'reduce', bypassCSP: true });
    await page.addStyleTag({
      content: `@keyframes turn { to { rotate: 1turn } }
        *, ::before, ::after { animation: turn 60s infinite; transition: all 60s }`,
    });
    const moving = () => page.evaluate<number>('document.getAnimations().length');
    for (const tab of TABS) {
      await page.locator(`#tab-${tab}`).click();
      addSecond();
      expect(await moving(), tab).toBe(0);
    }
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await moving()).toBeGreaterThan(0);
    await page.context().close();
  });

  it('starts another suite with promises that are typed in, and shows what the server refuses', async () => {
    const control = new FakeControl();
    const server = await serve({ control });
    const { page } = await openPage(browser, server.url);
    const thresholds = page.getByLabel('Thresholds, one per line');
    expect(await thresholds.inputValue()).toBe('http_req_failed:rate<0.01');
    await page.locator('select[name=suite]').selectOption('openai');
    await page.getByLabel('chat-stream').waitFor();
    await page.getByLabel('Objectives').selectOption('none');
    await thresholds.fill('p(95)<500\n\n checks:rate>0.9 ');
    await page.getByRole('radio', { name: 'Profile' }).check();
    await page.getByLabel('Run time').fill('soon');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Run time "soon" is not understood').waitFor();
    await page.getByLabel('Run time').fill('90s');
    await page.getByRole('button', { name: 'Start' }).click();
    await expect
      .poll(() => control.starts)
      .toEqual([
        {
          target: 'mock',
          suite: 'openai',
          scenarios: ['chat-stream'],
          load: { kind: 'profile', profile: 'smoke', durationMs: 90_000 },
          objectives: 'none',
          thresholds: ['p(95)<500', 'checks:rate>0.9'],
        },
      ]);
    await page.context().close();
  });

  it('is used by the keyboard alone: tabs, start, users, stop', async () => {
    const control = new FakeControl();
    const server = await serve({ control });
    const { page } = await openPage(browser, server.url);
    const users = page.getByLabel('Users in all');
    await users.waitFor();
    const focusOn = async (id: string): Promise<void> => {
      for (let tab = 0; tab < 60; tab++) {
        await page.keyboard.press('Tab');
        if ((await page.locator(`${id}:focus`).count()) > 0) return;
      }
      throw new Error(`the Tab key does not reach ${id}`);
    };
    await focusOn('input[name=users]');
    await page.keyboard.type('25');
    await page.keyboard.press('Enter');
    await expect.poll(() => control.calls).toEqual(['start {"kind":"users","users":25}']);
    fillStore(server.store);
    await page.getByLabel('Load of the run').waitFor();
    await page.reload();
    await page.locator('#state').waitFor();
    await focusOn('[role=tab]');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#tab-operations').getAttribute('aria-selected')).toBe('true');
    await page.reload();
    await page.locator('#state').waitFor();
    await focusOn('input[name=value]');
    await page.keyboard.type('50');
    await page.keyboard.press('Enter');
    await expect.poll(() => control.calls.at(-1)).toBe('users 50');
    await focusOn('button.danger');
    await page.keyboard.press('Enter');
    await expect.poll(() => control.calls.at(-1)).toBe('stop');
    await page.context().close();
  });
});
