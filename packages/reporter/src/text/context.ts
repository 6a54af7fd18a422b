import type { Paint, Style } from './paint.ts';
import { wrap } from './wrap.ts';

/**
 * Terminal properties for every section of the summary.
 *
 * Must hold for `bullet`, `footnotes`, `wrap` and `textTable`: the caller has passed texts of the document through
 * `escapeTerminal`, and has not painted them: nothing is escaped here, and styles would count as columns.
 */
export interface TextContext {
  readonly paint: Paint;
  /** Columns available for a line. */
  readonly width: number;
}

/** Left margin of everything below a heading. */
export const INDENT = '  ';

/** A section: heading and lines; empty when there are no lines. */
export function section(context: TextContext, title: string, lines: readonly string[], aside = ''): string[] {
  if (lines.length === 0) return [];
  const remark = aside === '' ? '' : `  ${context.paint(aside, 'dim')}`;
  return ['', `${INDENT}${context.paint(title, 'bold')}${remark}`, ...lines];
}

/** Text after a mark, with wrapped lines indented to the text. */
export function bullet(
  context: TextContext,
  mark: string,
  text: string,
  options: { readonly markStyle?: Style; readonly style?: Style } = {},
): string[] {
  const { paint, width } = context;
  const room = Math.max(20, width - INDENT.length - mark.length - 1);
  const styles = options.style === undefined ? [] : [options.style];
  const painted = options.markStyle === undefined ? mark : paint(mark, options.markStyle);
  return wrap(text, room).map((line, index) => {
    const lead = index === 0 ? painted : ' '.repeat(mark.length);
    return `${INDENT}${lead} ${paint(line, ...styles)}`;
  });
}

/** Dimmed notes below a table. */
export function footnotes(context: TextContext, notes: readonly string[]): string[] {
  return notes
    .flatMap((note) => wrap(note, context.width - INDENT.length))
    .map((line) => INDENT + context.paint(line, 'dim'));
}
