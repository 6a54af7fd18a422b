// @ts-check
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const BEGIN = '<!-- prove: the table is made by npm run prove -->';
const END = '<!-- end -->';

/**
 * Writes the table of a proof into its document, between two marks; text outside the marks is kept.
 *
 * @param {Pick<import('./proofs.js').Proof<never>, 'title' | 'document' | 'columns'>} proof
 * @param {import('./run-log.js').RunLog<object>} log
 * @param {readonly { readonly cells: readonly string[] }[]} rows
 */
export async function writeTable(proof, log, rows) {
  const path = new URL(`../../${proof.document}`, import.meta.url).pathname;
  const page = existsSync(path) ? readFileSync(path, 'utf8') : `# ${proof.title}\n\n${BEGIN}\n${END}\n`;
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END).slice(1).join(END);
  if (before === undefined || after === undefined)
    throw new Error(`${proof.document} has no marks ${BEGIN} ${END}`);
  const dates = log
    .runs()
    .map(({ date }) => date.slice(0, 10))
    .toSorted((a, b) => (a < b ? -1 : 1));
  const { version, machine } = log.provenance;
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [
    line(proof.columns),
    line(proof.columns.map(() => '---')),
    ...rows.map(({ cells }) => line(cells)),
  ];
  const made = [
    `${[...new Set([dates[0], dates.at(-1)])].join(' to ')}, ${machine}, ${version}`,
    '',
    ...table,
  ].join('\n');
  const text = `${before}${BEGIN}\n\n${made}\n\n${END}${after}`;
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
}
