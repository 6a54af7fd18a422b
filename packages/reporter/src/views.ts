/**
 * Every view of a run, by the name of its file.
 *
 * Must hold:
 * - The order is that of writing: `result.json` stays first. A caller that writes each view as it is made has saved the document
 *   even if a later view fails; `renderAll` makes all of them first.
 * - A view of the same document is the same text, and ends with a line break. The live page serves every name.
 * - A view shows the document, and the comparison it is given, alone. It escapes texts for its format and redacts nothing: its
 *   caller has redacted the document.
 * - Each name has a format in `apps/cli/src/results/select-views.ts` (`FORMAT_OF`; a type error names one that is missing).
 */
import type { Comparison } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderExceptionsCsv } from './csv/exceptions.ts';
import { renderFailuresCsv } from './csv/failures.ts';
import { renderHistoryCsv } from './csv/history.ts';
import { renderStatsCsv } from './csv/stats.ts';
import { renderStreamsCsv } from './csv/streams.ts';
import { renderTagsCsv } from './csv/tags.ts';
import { renderHtml } from './html/render-html.ts';
import { renderJson } from './json/render-json.ts';
import { renderJunit } from './junit/render-junit.ts';
import { renderK6Summary } from './k6/render-k6-summary.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { renderText } from './text/render-text.ts';

/**
 * File name and renderer of every view; undefined: the run has nothing that the view would show. To add a view, add a line.
 */
export const VIEWS = {
  'result.json': renderJson,
  'report.html': renderHtml,
  'stats.csv': renderStatsCsv,
  'history.csv': renderHistoryCsv,
  'streams.csv': renderStreamsCsv,
  'tags.csv': renderTagsCsv,
  'failures.csv': renderFailuresCsv,
  'exceptions.csv': renderExceptionsCsv,
  'junit.xml': renderJunit,
  'summary.md': renderMarkdown,
  'k6-summary.json': renderK6Summary,
  'summary.txt': (result: RunResult) => renderText(result),
} as const satisfies Record<string, View>;

/** A view. @param comparison with a baseline, for views that show it */
export type View = (result: RunResult, comparison?: Comparison) => string | undefined;

/** Name of a file of {@link renderAll}. */
export type ViewFileName = keyof typeof VIEWS;

/** A rendered view, to be written to a file. */
export interface RenderedFile {
  readonly fileName: ViewFileName;
  /** Text in UTF-8. */
  readonly content: string;
}

/**
 * Renders every view that a run has something for, all of them before the first is returned.
 *
 * @throws {ReporterError} `assets_missing` when the package has not been built
 * @example
 * for (const { fileName, content } of renderAll(result)) writeFileSync(join(directory, fileName), content);
 */
export function renderAll(result: RunResult): RenderedFile[] {
  return (Object.keys(VIEWS) as ViewFileName[]).flatMap((fileName) => {
    const content = VIEWS[fileName](result);
    return content === undefined ? [] : [{ fileName, content }];
  });
}
