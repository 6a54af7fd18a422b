// @ts-check
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const BEGIN = '<!-- prove: the table is made by npm run prove -->';
const END = '<!-- end -->';

/**
 * Writes the table of a proof into its document, between two marks; text outside the marks is kept.
 *
 * @param {Pick<import('./proofs.js').Proof<never>, 'title' | 'document' | 'columns'>} proof
 * @param {string} machine that the runs were made on
 * @param {readonly { readonly cells: readonly string[], readonly runs: readonly import('./run-log.js').Recorded[] }[]} rows
 *   each with the runs that it is made of
 */
export async function writeTable(proof, machine, rows) {
  const path = new URL(`../../${proof.document}`, import.meta.url).pathname;
  const page = existsSync(path) ? readFileSync(path, 'utf8') : `# ${proof.title}\n\n${BEGIN}\n${END}\n`;
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END).slice(1).join(END);
  if (before === undefined || after === undefined)
    throw new Error(`${proof.document} has no marks ${BEGIN} ${END}`);
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [
    line([...proof.columns, 'run at']),
    line([...proof.columns, ''].map(() => '---')),
    ...rows.map(({ cells, runs }) => line([...cells, originOf(runs.at(-1))])),
  ];
  const made = [machine, '', ...table].join('\n');
  const text = `${before}${BEGIN}\n\n${made}\n\n${END}${after}`;
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
}

/**
 * Commit and day of the last run of a row.
 *
 * @param {import('./run-log.js').Recorded | undefined} run
 */
function originOf(run) {
  return run === undefined ? '' : `${run.version.replace(/^commit /, '')}, ${run.date.slice(0, 10)}`;
}
