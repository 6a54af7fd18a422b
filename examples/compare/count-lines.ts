// Lines of each example beside the same in k6 and Locust, as a table: `node examples/compare/count-lines.ts`.
// Counted: lines with code; not blank ones and comments.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NAMES = ['shop', 'graphql', 'transcription', 'site', 'tenants'];

function linesOf(path: string): number {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  return code.split('\n').filter((line) => !/^\s*($|\/\/|#)/.test(line)).length;
}

/** The table in Markdown. */
export function tableOfLines(): string {
  const rows = NAMES.map((name): [string, number, number, number] => [
    `[${name}](../../examples/scenarios/${name}.ts)`,
    linesOf(`../scenarios/${name}.ts`),
    linesOf(`${name}.k6.js`),
    linesOf(`${name}.locust.py`),
  ]);
  const sum = (column: 1 | 2 | 3): number => rows.reduce((total, row) => total + row[column], 0);
  const all = [['example', 'here', 'k6', 'Locust'], ...rows, ['all', sum(1), sum(2), sum(3)]];
  const cells = all.map((row) => row.map(String));
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [cells[0]!, rule, ...cells.slice(1)].map(line).join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(`${tableOfLines()}\n`);
