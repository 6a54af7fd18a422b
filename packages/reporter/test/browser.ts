import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { requirePeer } from '../../../tools/peers.ts';

/**
 * Path of Chromium, or undefined when it is missing (see `requirePeer`): `CHROMIUM_PATH`, else the path used by `npm
 * run setup:peers`.
 */
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

/** Starts a browser for the tests of one file. */
export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath ?? '', args: QUIET });
}

/** An open report, with its console output and requests. */
export interface OpenReport {
  readonly page: Page;
  /** Console messages and page errors. */
  readonly complaints: readonly string[];
  /** Requests other than for the report itself. */
  readonly requests: readonly string[];
}

/** Opens a report from a file: URL, as users do. */
export async function openReport(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = {},
): Promise<OpenReport> {
  const folder = mkdtempSync(join(tmpdir(), 'jarvis-load-report-'));
  const path = join(folder, 'report.html');
  writeFileSync(path, html);
  const url = pathToFileURL(path).href;
  const complaints: string[] = [];
  const requests: string[] = [];
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url());
  });
  page.on('close', () => rmSync(folder, { recursive: true, force: true }));
  await page.goto(url, { waitUntil: 'networkidle' });
  return { page, complaints, requests };
}
