// @ts-check
/**
 * `npm run prove -- <proof> [--runs=20] [--<option>=<value>]`: repeats what cannot be proved by one run, and writes a
 * table into the reference. Each run is appended to results/prove when it ends, so that an interrupted proof can be
 * continued. Exits with 1 when a target is missed. `--list` names the proofs.
 */
import { parseArgs } from 'node:util';
import { PROOFS } from './proofs.js';
import { RunLog } from './run-log.js';
import { writeTable } from './write-table.js';

const DEFAULT_RUNS = 20;

/** @param {string} problem */
function refuse(problem) {
  console.error(`error: ${problem}`);
  process.exit(2);
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

const names = PROOFS.map(({ name }) => name).join(', ');
const [name = '--list', ...rest] = process.argv.slice(2);
if (name === '--list') {
  for (const { name: each, description, options } of PROOFS) {
    console.log(`${each}: ${description}`);
    for (const [option, { values, description: text }] of Object.entries(options)) {
      console.log(`  --${option}=${values === undefined ? '<value>' : values.join('|')}: ${text}`);
    }
  }
  console.log(`each: --runs=<number of runs of each case, ${DEFAULT_RUNS} by default>, --no-table`);
  process.exit(0);
}

const proof =
  PROOFS.find((each) => each.name === name) ??
  refuse(`there is no proof "${name}"; expected one of: ${names}, or --list.`);
if (proof === undefined) process.exit(2);

/** @type {Record<string, { type: 'string' } | { type: 'boolean' }>} */
const flags = { runs: { type: 'string' }, 'no-table': { type: 'boolean' } };
for (const option of Object.keys(proof.options)) flags[option] = { type: 'string' };
/** @type {Record<string, string | boolean | undefined>} */
let given = {};
try {
  given = parseArgs({ args: rest, options: flags }).values;
} catch (error) {
  refuse(`${messageOf(error)}; see npm run prove -- --list`);
}
const runs = Number(given['runs'] ?? DEFAULT_RUNS);
if (!Number.isInteger(runs) || runs < 0) refuse(`--runs is ${given['runs']}; expected a whole number.`);
/** @type {Record<string, string | undefined>} */
const options = {};
for (const [option, { values }] of Object.entries(proof.options)) {
  const value = given[option];
  if (typeof value !== 'string') continue;
  if (values !== undefined && !values.includes(value)) {
    refuse(`--${option} is ${value}; expected one of: ${values.join(', ')}.`);
  }
  options[option] = value;
}

const log = new RunLog(new URL(`../../results/prove/${proof.name}.jsonl`, import.meta.url).pathname);
if (log.others > 0)
  console.log(`${log.others} earlier runs are of another version or machine, and do not count`);
const known = () => log.runs().filter((run) => proof.counts(run, options));
for (let round = 1; round <= runs; round++) {
  // Alternate between the cases, so that changes of the machine over hours affect all of them.
  for (const each of proof.cases(options)) {
    const done = known().filter((run) => proof.keyOf(run) === each.key).length;
    if (done >= round) continue;
    try {
      const run = await proof.run(each, options);
      log.add(run);
      console.log(`${each.key} ${round}/${runs}: ${JSON.stringify(run)}`);
    } catch (error) {
      console.error(`${each.key} ${round}/${runs} could not be run: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
}

const rows = proof.cases(options).map((each) => ({
  key: each.key,
  ...proof.row(
    each,
    known().filter((run) => proof.keyOf(run) === each.key),
  ),
}));
for (const { key, holds, cells } of rows) {
  console.log(
    `${holds === false ? 'MISSED' : holds === undefined ? 'no runs' : 'holds'}: ${key}: ${cells.join(' | ')}`,
  );
  if (holds === false) process.exitCode = 1;
}
if (given['no-table'] !== true) {
  // A case that was not run at this commit keeps the runs of the last one at which it was.
  const kept = log.runsOfMachine().filter((run) => proof.counts(run, options));
  const table = proof.cases({}).map((each) => {
    const ofCase = kept.filter((run) => proof.keyOf(run) === each.key);
    const last = ofCase.at(-1)?.version;
    const ofLast = ofCase.filter(({ version }) => version === last);
    return { ...proof.row(each, ofLast), runs: ofLast };
  });
  await writeTable(proof, log.provenance.machine, table);
  console.log(`wrote ${proof.document}`);
}
