import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A place in a source file. */
export interface SourcePlace {
  /** Absolute path. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

const LINES_BEFORE = 2;
const LINES_AFTER = 1;
const LONGEST_LINE = 160;

/** A path as it is shown: relative to the working directory unless that is longer. */
function shownPath(path: string, cwd: string): string {
  const fromHere = relative(cwd, path);
  return fromHere !== '' && fromHere.length < path.length ? fromHere : path;
}

/** Not within a word: it may be a secret, half of which is not found by the redaction that follows. */
function cutLine(line: string): string {
  return line.length <= LONGEST_LINE ? line : line.slice(0, LONGEST_LINE).replace(/[^\s'"`]+$/, '');
}

/** `shop.ts:12:5` and the code around it, with a mark under the column; an unreadable file has no code. */
export function codeFrame({ path, line, column }: SourcePlace, cwd: string): string {
  const head = `${shownPath(path, cwd)}:${line}:${column}`;
  let lines: readonly string[];
  try {
    lines = readFileSync(path, 'utf8').split(/\r?\n/);
  } catch {
    return head;
  }
  const first = Math.max(1, line - LINES_BEFORE);
  const last = Math.min(lines.length, line + LINES_AFTER);
  const width = String(last).length;
  const rows = [head];
  for (let number = first; number <= last; number++) {
    const text = cutLine((lines[number - 1] ?? '').replaceAll('\t', ' '));
    const mark = number === line ? '>' : ' ';
    rows.push(`${mark} ${String(number).padStart(width)} | ${text}`.trimEnd());
    if (number === line && column <= LONGEST_LINE)
      rows.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1))}^`);
  }
  return rows.join('\n');
}
