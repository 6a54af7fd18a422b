import { INDENT, type TextContext } from './context.ts';
import { displayWidth, pad, truncate } from './display-width.ts';
import type { Style } from './paint.ts';

/** A column of a {@link textTable}. */
export interface TextColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  /**
   * In a narrow terminal, the column with the highest value is removed first; columns without a value are never
   * removed.
   */
  readonly shed?: number;
  /** Minimum width; the column may be cut to it when no more columns are removed. */
  readonly shrinkTo?: number;
}

/** One cell: text and its styles. The caller has escaped every text: cells, cells that are strings, headings. */
export interface TextCell {
  readonly text: string;
  readonly styles?: readonly Style[];
}

/** A row of cells, or a heading over the rows below it. */
export type TextRow = readonly (string | TextCell)[] | { readonly heading: string; readonly aside?: string };

const GAP = '  ';
/** An excess of up to this many columns is cut from shrinkable columns instead of removing a column. */
const SMALL_CUT = 4;
/** An aside with less room is left out. */
const LEAST_ASIDE = 8;

/** Aligns rows in columns. To fit the terminal, columns are removed first, then shrinkable ones are cut. */
export function textTable(
  context: TextContext,
  columns: readonly TextColumn[],
  rows: readonly TextRow[],
): string[] {
  const cells = rows.filter(isCells);
  const full = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...cells.map((row) => displayWidth(textOf(row[index])))),
  );
  const shown = fit(columns, full, context.width - INDENT.length);
  const line = (row: readonly (string | TextCell | undefined)[]) => {
    const parts = shown.map(({ index, width }) => {
      const cell = row[index];
      const text = truncate(textOf(cell), width);
      const painted = context.paint(text, ...(typeof cell === 'object' ? (cell.styles ?? []) : []));
      return pad(text, width, columns[index]?.align ?? 'left').replace(text, () => painted);
    });
    return `${INDENT}${parts.join(GAP)}`.trimEnd();
  };
  const titled = columns.some(({ title }) => title !== '');
  const head = titled ? [line(columns.map(({ title }) => ({ text: title, styles: ['dim'] })))] : [];
  return [...head, ...rows.map((row) => (isCells(row) ? line(row) : headingLine(context, row)))];
}

function headingLine(
  context: TextContext,
  row: { readonly heading: string; readonly aside?: string },
): string {
  const room = context.width - INDENT.length;
  const heading = truncate(row.heading, room);
  const left = room - displayWidth(heading) - GAP.length;
  if (row.aside === undefined || row.aside === '' || left < LEAST_ASIDE) return `${INDENT}${heading}`;
  return `${INDENT}${heading}${GAP}${context.paint(truncate(row.aside, left), 'dim')}`;
}

function fit(
  columns: readonly TextColumn[],
  widths: readonly number[],
  available: number,
): { readonly index: number; readonly width: number }[] {
  let shown = columns.map((column, index) => ({ column, index, width: widths[index] ?? 0 }));
  shown = shown.filter(({ width }) => width > 0);
  const excess = () =>
    shown.reduce((sum, { width }) => sum + width, (shown.length - 1) * GAP.length) - available;
  while (excess() > 0) {
    const next = shown
      .filter(({ column }) => column.shed !== undefined)
      .toSorted((a, b) => (b.column.shed ?? 0) - (a.column.shed ?? 0))[0];
    if (next === undefined) break;
    const shrinkable = shown.reduce((sum, { column, width }) => sum + slack(column, width), 0);
    if (excess() <= Math.min(shrinkable, SMALL_CUT)) break;
    shown = shown.filter((entry) => entry !== next);
  }
  let rest = Math.max(0, excess());
  return shown.map(({ column, index, width }) => {
    const cut = Math.min(slack(column, width), rest);
    rest -= cut;
    return { index, width: width - cut };
  });
}

function slack(column: TextColumn, width: number): number {
  return column.shrinkTo === undefined ? 0 : Math.max(0, width - column.shrinkTo);
}

function isCells(row: TextRow): row is readonly (string | TextCell)[] {
  return Array.isArray(row);
}

function textOf(cell: string | TextCell | undefined): string {
  return typeof cell === 'object' ? cell.text : (cell ?? '');
}
