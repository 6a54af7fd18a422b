import type { Status } from '../view/status.ts';

/** Colour of a value; always shown together with a symbol or word of the same meaning. */
export type Tone = 'pass' | 'fail' | 'warn' | 'muted';

/** One cell; a row has one per column, in their order. Texts are unescaped; the template escapes them. */
export interface HtmlCell {
  readonly text: string;
  /** A second, smaller line, or several. */
  readonly sub?: string | readonly string[];
  /** How the figure differs from that of a baseline; shown below the text. */
  readonly arrow?: { readonly text: string; readonly tone: Tone };
  /** Sort key; the text if absent. */
  readonly sort?: number;
  readonly tone?: Tone;
  readonly status?: Status;
  /** A percentile that few samples carry: slanted, and said to screen readers. */
  readonly few?: boolean;
  /** Shown in a monospaced font. */
  readonly code?: boolean;
  /** A long text that may be broken into lines. */
  readonly wrap?: boolean;
  /** Same heading as in the row above: available to screen readers, hidden visually. */
  readonly repeated?: boolean;
  /** Longer text in a collapsed disclosure element. */
  readonly more?: { readonly title: string; readonly text: string };
}

/** A column of a table. */
export interface HtmlColumn {
  readonly title: string;
  readonly numeric?: boolean;
}

/** A row; its first cell is its heading. */
export interface HtmlRow {
  readonly cells: readonly HtmlCell[];
  /** A total stays at the end when rows are sorted. */
  readonly total?: boolean;
}

/** Input of the partial `table.ejs`. */
export interface HtmlTable {
  /** Describes the content for readers who do not see the surrounding page. */
  readonly caption: string;
  readonly columns: readonly HtmlColumn[];
  readonly rows: readonly HtmlRow[];
  readonly sortable?: boolean;
}
