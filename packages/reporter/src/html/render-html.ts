import { createHash } from 'node:crypto';
import type { RunResult } from '@jarvis-load/engine/result';
import { loadAssets } from './assets.ts';
import { createPage } from './page.ts';

/**
 * The report as one HTML file with inline style, script and charts, and a Content-Security-Policy that forbids any other
 * script and all network requests. Complete without scripts: they add cursor, zoom, switches of series, sorting and a
 * theme.
 *
 * @throws {ReporterError} `assets_missing` when the package has not been built.
 */
export function renderHtml(result: RunResult): string {
  const { style, script, template } = loadAssets();
  const html = template({
    ...createPage(result),
    style,
    script,
    policy: [
      "default-src 'none'",
      `script-src '${sha256(script)}'`,
      `style-src '${sha256(style)}'`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
  });
  return `${html.trim()}\n`;
}

/** Source expression of CSP level 2 for an inline element with exactly this text. */
function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
