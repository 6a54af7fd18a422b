import type { Comparison } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { loadAssets } from './assets.ts';
import { contentPolicy } from './content-policy.ts';
import { createPage } from './page.ts';

/**
 * The report as one HTML file with inline style, script and charts, and a Content-Security-Policy that forbids any other
 * script and all network requests. Complete without scripts: they add cursor, zoom, switches of series, sorting and a
 * theme.
 *
 * @param comparison with a baseline: an arrow beside each figure that was compared
 * @throws {ReporterError} `assets_missing` when the package has not been built.
 */
export function renderHtml(result: RunResult, comparison?: Comparison): string {
  const { style, script, template } = loadAssets();
  const html = template({
    ...createPage(result, comparison),
    style,
    script,
    policy: contentPolicy(style, script),
  });
  return `${html.trim()}\n`;
}
