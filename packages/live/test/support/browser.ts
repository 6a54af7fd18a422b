import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { requirePeer } from '../../../../tools/peers.ts';

/** Path of Chromium, or undefined when it is missing (see `requirePeer`). */
export const chromiumPath = process.env['CHROMIUM_PATH'] ?? requirePeer('chromium');

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: QUIET });
}

/** A page of the server in a browser profile of its own, with what it complained of. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly foreign: readonly string[];
}> {
  const complaints: string[] = [];
  const foreign: string[] = [];
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith('data:'))
      foreign.push(request.url());
  });
  await page.goto(url);
  await page.locator('#state').waitFor();
  return { page, complaints, foreign };
}

interface AxeWindow {
  readonly axe: {
    run(): Promise<{ violations: { id: string; nodes: { target: unknown; html: string }[] }[] }>;
  };
}

/** What axe finds on the page: rule and elements. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as AxeWindow).axe.run());
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  );
}
