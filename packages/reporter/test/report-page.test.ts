import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../src/index.ts';
import { chromiumPath, launch, openReport } from './browser.ts';
import { HOSTILE, emptyRun, hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';

interface AxeWindow {
  readonly axe: {
    run(): Promise<{
      violations: { id: string; nodes: { target: unknown }[] }[];
    }>;
  };
}

describe.skipIf(chromiumPath === undefined)('the report in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });

  it.each([true, false])(
    'shows verdict and numbers, asks for nothing, complains of nothing (scripts: %s)',
    async (scripts) => {
      const result = hostileRun();
      const { page, complaints, requests } = await openReport(browser, renderHtml(result), {
        javaScriptEnabled: scripts,
      });
      expect(await page.locator('#verdict').innerText()).toBe('FAIL');
      expect(await page.locator('#headline').innerText()).toMatch(/^\d+ of \d+ promises missed: chat\.send/);
      const cells = await page.locator('#operations tr.total td').allInnerTexts();
      expect(Number(cells[1]?.replace(',', ''))).toBe(result.totals.requests);
      expect(await page.locator('#chart-overview details tbody tr').count()).toBe(
        result.series.points.length,
      );
      for (const id of ['overview', 'time-0', 'throughput', 'failures', 'percentiles-run', 'knee']) {
        const box = await page.locator(`#chart-${id} svg.chart-svg`).boundingBox();
        expect([id, (box?.width ?? 0) > 200, (box?.height ?? 0) > 100]).toEqual([id, true, true]);
      }
      expect(await page.locator('#theme').isVisible()).toBe(scripts);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([]);
      await page.close();
    },
  );

  it('runs nothing of what the target sent, and shows it as text', async () => {
    const { page } = await openReport(browser, renderHtml(hostileRun()));
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
    expect(await page.locator('img, iframe, form, script[src], link[rel=stylesheet]').count()).toBe(0);
    await page.locator('#errors details').nth(1).locator('summary').click();
    expect(await page.locator('#errors details').nth(1).locator('pre').innerText()).toContain(HOSTILE.html);
    await page.close();
  });

  it('is forbidden by its policy to run or load anything else', async () => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { page, complaints } = await openReport(browser, renderHtml(runResult()));
    // A string, because test code is not compiled for the browser.
    await page.evaluate(`(async () => {
      const image = document.createElement('img');
      const refused = new Promise((resolve) => image.addEventListener('error', resolve));
      image.src = '${origin}/image';
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(image, script);
      await fetch('${origin}/fetch').catch(() => undefined);
      await refused;
    })()`);
    expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false);
    expect(paths).toEqual([]);
    expect(
      complaints.filter((text) => text.includes('Content Security Policy')).length,
    ).toBeGreaterThanOrEqual(3);
    await page.close();
    server.close();
  });

  const documents = { hostile: hostileRun, passed: runResult, empty: emptyRun };
  it.each(
    (['light', 'dark'] as const).flatMap((scheme) =>
      (['hostile', 'passed', 'empty'] as const).map((name) => [name, scheme] as const),
    ),
  )(
    'has no accessibility fault that axe finds (%s run, %s)',
    async (name, colorScheme) => {
      const { page } = await openReport(browser, renderHtml(documents[name]()), { colorScheme });
      // Of the tables behind charts, which are alike and long, one.
      await page.evaluate(
        `document.querySelectorAll('details:not(.operation .data):not(.boxed .data)').forEach((each) => (each.open = true))`,
      );
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
      await page.close();
    },
    90_000,
  );

  it.each([320, 400, 768, 1280])('fits a page of %i pixels without scrolling sideways', async (width) => {
    for (const result of [hostileRun(), emptyRun()]) {
      const { page } = await openReport(browser, renderHtml(result), { viewport: { width, height: 800 } });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.close();
    }
  });

  it('sorts the operations by a click or a key, and keeps the total at the end', async () => {
    const { page } = await openReport(browser, renderHtml(runResult()));
    const names = () => page.locator('#operations .cards tbody th code').allInnerTexts();
    const before = await names();
    await page.locator('#operations thead button', { hasText: 'p95' }).click();
    expect((await names())[0]).toBe('voice.transcribe');
    expect(await page.locator('#operations .cards tbody tr').last().innerText()).toContain('All operations');
    expect(await page.locator('#operations th[aria-sort=descending]').innerText()).toContain('p95');
    await page.locator('#operations thead button', { hasText: 'p95' }).press('Enter');
    expect((await names())[0]).toBe('health');
    expect((await names()).toSorted()).toEqual(before.toSorted());
    await page.close();
  });

  it('reads chart values out by keyboard', async () => {
    const result = runResult();
    const { page } = await openReport(browser, renderHtml(result));
    const plot = page.locator('#chart-throughput .plot');
    const shown = page.locator('#chart-throughput .legend output').first();
    await plot.focus();
    await page.keyboard.press('Home');
    expect(Number(await shown.innerText())).toBe(result.series.points[0]?.outcomes.ok);
    await page.keyboard.press('ArrowRight');
    expect(Number(await shown.innerText())).toBe(result.series.points[1]?.outcomes.ok);
    await page.close();
  });

  it('reads all charts at the time under the pointer', async () => {
    const result = runResult();
    const { page } = await openReport(browser, renderHtml(result));
    const box = await page.locator('#chart-overview .plot').boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * 0.52, (box?.y ?? 0) + 60);
    const at = await page.locator('#chart-overview .cursor').innerText();
    expect(at).toBe('0:15');
    expect(await page.locator('#chart-throughput .cursor').innerText()).toBe(at);
    const row = page.locator('#chart-overview .numbers tbody tr', { hasText: /^0:15/ });
    const cells = await row.locator('td').allTextContents();
    expect(await page.locator('#chart-overview .legend output').allInnerTexts()).toEqual(cells);
    await page.close();
  });

  it('zooms all charts by dragging, and shows the whole run again', async () => {
    const { page } = await openReport(browser, renderHtml(runResult()));
    const plot = page.locator('#chart-overview .plot');
    const { x, y, width } = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(x + width / 3, y + 50);
    await page.mouse.down();
    await page.mouse.move(x + (width * 2) / 3, y + 50);
    await page.mouse.up();
    const view = (id: string) => page.locator(`#chart-${id} .chart-area`).first().getAttribute('viewBox');
    const [from, , shown] = ((await view('overview')) ?? '').split(' ').map(Number);
    expect([Math.round(from ?? 0), Math.round(shown ?? 0)]).toEqual([333, 333]);
    expect((await view('throughput'))?.split(' ').slice(0, 3)).toEqual(
      (await view('overview'))?.split(' ').slice(0, 3),
    );
    expect(await page.locator('#chart-overview .chart-zoom').first().textContent()).toBe('0:10');
    await page.keyboard.press('Tab');
    await plot.press('Escape');
    expect(await view('overview')).toMatch(/^0 0 1000 /);
    expect(await page.locator('.chart-zoom').count()).toBe(0);
    await page.close();
  });

  it('switches a series off and on', async () => {
    const { page } = await openReport(browser, renderHtml(runResult()));
    const button = page.locator('#chart-overview .legend button', { hasText: 'p99' });
    const line = page.locator('#chart-overview .chart-series[data-series=p99]');
    await button.click();
    expect(await line.isVisible()).toBe(false);
    expect(await button.getAttribute('aria-pressed')).toBe('false');
    await button.press('Enter');
    expect(await line.isVisible()).toBe(true);
    await page.close();
  });

  it('keeps the heading of a row in sight, and makes rows cards on a phone', async () => {
    const wide = await openReport(browser, renderHtml(hostileRun()), {
      viewport: { width: 700, height: 800 },
    });
    const heading = wide.page.locator('#operations .cards tbody th').first();
    const before = await heading.boundingBox();
    await wide.page.evaluate(`document.querySelector('#operations .scroll').scrollLeft = 400`);
    expect((await heading.boundingBox())?.x).toBe(before?.x);
    await wide.page.close();
    const phone = await openReport(browser, renderHtml(hostileRun()), {
      viewport: { width: 360, height: 800 },
    });
    for (const id of ['promises', 'operations', 'errors']) {
      const scroll = `document.querySelector('#${id} .scroll')`;
      expect(await phone.page.evaluate<boolean>(`${scroll}.scrollWidth <= ${scroll}.clientWidth`)).toBe(true);
    }
    await phone.page.close();
  });

  it('switches its theme and remembers it', async () => {
    const { page } = await openReport(browser, renderHtml(runResult()), { colorScheme: 'light' });
    const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.locator('#theme').click();
    expect(await page.locator('#theme').innerText()).toBe('Theme: light');
    await page.locator('#theme').click();
    expect(await page.locator('#theme').innerText()).toBe('Theme: dark');
    expect(await background()).not.toBe(light);
    await page.reload();
    expect(await page.locator('#theme').innerText()).toBe('Theme: dark');
    await page.close();
  });
});

describe('renderHtml', () => {
  it('stays small for an hour, and works for two seconds', () => {
    const hour = renderHtml(runResult({ durationMs: 3_600_000, load: 0.2 }));
    expect(hour.length).toBeLessThan(2_000_000);
    expect(renderHtml(runResult({ durationMs: 2000 }))).toContain('>PASS<');
  });

  it('says in words what is not measurable, has few samples or no data', () => {
    expect(renderHtml(runResult())).toContain('not measurable with this profile');
    expect(renderHtml(runResult())).toMatch(/low samples \(\d+\)/);
    expect(renderHtml(emptyRun())).toContain('no data');
  });
});
