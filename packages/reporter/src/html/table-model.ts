import type { Status } from '../view/status.ts';

/** How a value is meant: always beside a sign or a word that says the same. */
export type Tone = 'pass' | 'fail' | 'warn' | 'muted';

/** One cell. Texts are as in the document; the template escapes them. */
export interface HtmlCell {
  readonly text: string;
  /** A second, smaller line. */
  readonly sub?: string;
  /** What sorting compares; the text where absent. */
  readonly sort?: number;
  readonly tone?: Tone;
  readonly status?: Status;
  /** Set in the monospaced face. */
  readonly code?: boolean;
  /** The same heading as in the row above: read out, not shown again. */
  readonly repeated?: boolean;
  /** Longer text behind a disclosure. */
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

/** What the partial `table.ejs` draws. */
export interface HtmlTable {
  /** Says what the table holds to those who do not see where it stands. */
  readonly caption: string;
  readonly columns: readonly HtmlColumn[];
  readonly rows: readonly HtmlRow[];
  readonly sortable?: boolean;
}
