import type { RunResult } from '@jarvis-load/engine/result';
import { renderExceptionsCsv } from './csv/exceptions.ts';
import { renderFailuresCsv } from './csv/failures.ts';
import { renderHistoryCsv } from './csv/history.ts';
import { renderStatsCsv } from './csv/stats.ts';
import { renderHtml } from './html/render-html.ts';
import { renderJson } from './json/render-json.ts';
import { renderJunit } from './junit/render-junit.ts';

/** File name of every view, with what renders it. A new view is a new line here. */
export const VIEWS = {
  'result.json': renderJson,
  'report.html': renderHtml,
  'stats.csv': renderStatsCsv,
  'history.csv': renderHistoryCsv,
  'failures.csv': renderFailuresCsv,
  'exceptions.csv': renderExceptionsCsv,
  'junit.xml': renderJunit,
} as const satisfies Record<string, (result: RunResult) => string>;

/** Name of a file that {@link renderAll} makes. */
export type ViewFileName = keyof typeof VIEWS;

/** A rendered view, ready to be written. */
export interface RenderedFile {
  readonly fileName: ViewFileName;
  /** Text in UTF-8. */
  readonly content: string;
}

/**
 * Renders every view of a run; the document itself comes first, so that a writer that is cut off has kept it.
 *
 * @example
 * for (const { fileName, content } of renderAll(result)) writeFileSync(join(directory, fileName), content);
 */
export function renderAll(result: RunResult): RenderedFile[] {
  return (Object.keys(VIEWS) as ViewFileName[]).map((fileName) => ({
    fileName,
    content: VIEWS[fileName](result),
  }));
}
