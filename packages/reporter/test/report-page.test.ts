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
      const cells = await page.locator('#operations tr.total td').allInnerTexts();
      expect(Number(cells[1]?.replace(',', ''))).toBe(result.totals.requests);
      expect(await page.locator('#chart-latency details tbody tr').count()).toBe(
        result.series.byIntendedStart.length,
      );
      expect(await page.locator('canvas').count()).toBe(scripts ? 4 : 0);
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

  it.each(['light', 'dark'] as const)(
    'has no accessibility fault that axe finds (%s)',
    async (colorScheme) => {
      for (const result of [hostileRun(), runResult(), emptyRun()]) {
        const { page } = await openReport(browser, renderHtml(result), { colorScheme });
        await page.evaluate(`document.querySelectorAll('details').forEach((each) => (each.open = true))`);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([]);
        await page.close();
      }
    },
    60_000,
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
    const names = () => page.locator('#operations tbody th code').allInnerTexts();
    const before = await names();
    await page.locator('#operations thead button', { hasText: 'p95' }).click();
    expect((await names())[0]).toBe('voice.transcribe');
    expect(await page.locator('#operations tbody tr').last().innerText()).toContain('All operations');
    expect(await page.locator('#operations th[aria-sort=descending]').innerText()).toContain('p95');
    await page.locator('#operations thead button', { hasText: 'p95' }).press('Enter');
    expect((await names())[0]).toBe('health');
    expect((await names()).toSorted()).toEqual(before.toSorted());
    await page.close();
  });

  it('reads chart values out by keyboard', async () => {
    const result = runResult();
    const { page } = await openReport(browser, renderHtml(result));
    await page.locator('[data-chart=throughput]').focus();
    await page.keyboard.press('Home');
    const shown = await page.locator('#chart-throughput .legend output').first().innerText();
    expect(Number(shown)).toBe(result.series.points[0]?.outcomes.ok);
    await page.keyboard.press('ArrowRight');
    const next = await page.locator('#chart-throughput .legend output').first().innerText();
    expect(Number(next)).toBe(result.series.points[1]?.outcomes.ok);
    await page.close();
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
