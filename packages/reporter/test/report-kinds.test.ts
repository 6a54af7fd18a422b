import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import type { RunResult } from '@jarvis-load/engine/result';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import { renderHtml } from '../src/index.ts';
import { readK6 } from '../src/ingest/index.ts';
import { chromiumPath, launch, openReport } from './browser.ts';
import { hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

/** What Jenkins sends with the files of a build: neither scripts nor inline styles. */
const JENKINS = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';";

function machineLimited(): RunResult {
  const run = hostileRun();
  const [first] = run.objectives;
  return {
    ...run,
    objectives: run.objectives.map((each) => ({ ...each, status: 'machine-limited' as const })),
    thresholds: [],
    verdict: {
      status: 'not-valid',
      reasons: [{ code: 'machine-limited', text: `waiting for a processor can explain ${first!.operation}` }],
    },
  };
}

async function k6File(): Promise<RunResult> {
  const bytes = gunzipSync(readFileSync(new URL('fixtures/k6/out.json.gz', import.meta.url)));
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  const read = await readK6([{ fileName: 'out.json', chunks: chunks() }]);
  return read.result({ restated: true, environment: null });
}

/** 20 iterations per second, of which 12 in each second are let through. */
function rateLimited(): Promise<RunResult> {
  return virtualLoad(
    {
      scenarios: [asking('chat', { kind: 'constant-arrival-rate', rate: 20, duration: '30s', maxVUs: 30 })],
      objectives: [{ operation: 'chat', p95Ms: 200, errorRate: 0.01 }],
    },
    ({ number }) => (number % 20 < 12 ? { afterMs: 50 } : { afterMs: 5, status: 429 }),
  );
}

const KINDS: Readonly<Record<string, () => RunResult | Promise<RunResult>>> = {
  '2 s': () => runResult({ durationMs: 2000 }),
  'a machine that was the limit': machineLimited,
  '40 operations': () =>
    simulatedRun({ seed: 1, operations: 40, seconds: 12, rate: 5, sigma: 0.5, errorShare: 0.02 }),
  'a k6 file': k6File,
  '30 s that pass': () => runResult({ durationMs: 30_000 }),
  '30 s that fail': hostileRun,
  'a rate limit': rateLimited,
  'an hour of 12 operations': () =>
    simulatedRun({ seed: 2, operations: 12, seconds: 3600, rate: 0.5, sigma: 0.4, errorShare: 0.01 }),
};

describe.skipIf(chromiumPath === undefined)('the report in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
  });

  it.each(Object.keys(KINDS))(
    'of %s fits every width, asks for nothing, complains of nothing, and has no fault that axe finds',
    async (kind) => {
      const result = await KINDS[kind]!();
      const { page, complaints, requests } = await openReport(browser, renderHtml(result));
      const words = { pass: 'PASS', fail: 'FAIL', 'not-valid': 'NOT VALID' };
      expect(await page.locator('#verdict').innerText()).toBe(words[result.verdict.status]);
      const named = new Set(result.operations.map(({ operation }) => operation));
      const drawn = await page.locator('article.operation').count();
      expect(drawn).toBe(Math.min(16, named.size));
      expect(complaints).toEqual([]);
      expect(requests).toEqual([]);
      for (const width of [1440, 768, 360]) {
        await page.setViewportSize({ width, height: 900 });
        const scrolls = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect([width, scrolls <= width]).toEqual([width, true]);
      }
      await page.evaluate(axe.source);
      const looks = [
        { colorScheme: 'light', media: 'screen' },
        { colorScheme: 'dark', media: 'screen' },
        { colorScheme: 'light', media: 'print' },
      ] as const;
      for (const look of looks) {
        await page.emulateMedia(look);
        const faults = await page.evaluate<[string, unknown][]>(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]))',
        );
        expect([look, faults]).toEqual([look, []]);
      }
      await page.close();
    },
    120_000,
  );

  it('has its charts, verdict and numbers where Jenkins forbids scripts and inline styles', async () => {
    const result = hostileRun();
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.setHeader('content-security-policy', JENKINS);
      response.end(renderHtml(result));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const context = await browser.newContext({ viewport: { width: 1000, height: 900 } });
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    // The policy is in force: the page has no style of its own.
    expect(refused.some((text) => text.includes("directive 'style-src 'self''"))).toBe(true);
    expect(await page.locator('#verdict').innerText()).toBe('FAIL');
    for (const id of ['overview', 'time-0', 'throughput', 'failures', 'percentiles-run', 'knee']) {
      const svg = page.locator(`#chart-${id} svg.chart-svg`);
      const box = await svg.boundingBox();
      expect([id, (box?.width ?? 0) > 200, (box?.height ?? 0) > 100]).toEqual([id, true, true]);
    }
    const lines = await page.locator('#chart-overview path.chart-line').all();
    expect(lines.length).toBeGreaterThanOrEqual(3);
    for (const line of lines) {
      expect(await line.getAttribute('fill')).toBe('none');
      expect(await line.getAttribute('stroke')).toMatch(/^#/);
    }
    // Definitions of signs take no room above the verdict.
    const top = await page.locator('#verdict').boundingBox();
    expect(top!.y).toBeLessThan(250);
    await context.close();
    server.close();
  });
});
