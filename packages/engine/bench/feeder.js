/**
 * Memory and time of a feeder of many rows, each measured in a process of its own: the engine alone, with a feeder of a CSV
 * file of which every row is taken, and with the same rows held in a list.
 *
 *     node bench/feeder.js [--rows 1000000]
 */
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { readArguments } from './support/arguments.js';
import { environmentLine } from './support/programs.js';
import { markdownTable, short } from './support/table.js';

const MIB = 2 ** 20;
const TURNS = 3;
const ENGINE = new URL('../dist/index.js', import.meta.url).href;

const rows = Number(readArguments({ rows: '1000000' }).rows);
const folder = mkdtempSync(join(tmpdir(), 'feeder-'));
const path = join(folder, 'rows.csv');

async function writeRows() {
  const file = createWriteStream(path);
  file.write('user,password,city\n');
  for (let row = 0; row < rows; row++) file.write(`user${row},secret${row},"Castrop, Rauxel ${row % 97}"\n`);
  file.end();
  await finished(file);
}

/**
 * @param {string} make JavaScript that sets `take`, a function from the number of a row to the row
 * @returns {{ rss: number, madeMs: number, takenMs: number }}
 */
function measured(make) {
  const code = `
    import { feeder } from ${JSON.stringify(ENGINE)};
    import { readFileSync } from 'node:fs';
    const path = ${JSON.stringify(path)};
    const started = performance.now();
    let take = () => undefined;
    ${make}
    const made = performance.now();
    let sum = 0;
    for (let row = 0; row < ${rows}; row++) sum += take(row)?.user.length ?? 0;
    const taken = performance.now();
    gc();
    console.log(JSON.stringify({ rss: process.memoryUsage().rss, madeMs: made - started, takenMs: taken - made, sum }));`;
  const text = execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', code]);
  return JSON.parse(text.toString());
}

const WAYS = {
  'no feeder': '',
  'feeder.csv': 'const rows = feeder.csv(path); take = (row) => rows.row(row);',
  'the same rows in a list': `
    const lines = readFileSync(path, 'utf8').split('\\n').slice(1, -1);
    const list = lines.map((line) => {
      const [, user, password, city] = /^(.*?),(.*?),"(.*)"$/.exec(line);
      return { user, password, city };
    });
    take = (row) => list[row];`,
};

try {
  await writeRows();
  const mib = (/** @type {number} */ bytes) => short(bytes / MIB);
  console.log(`\n### Feeders\n\n${environmentLine([])}`);
  console.log(`${rows} rows, ${mib(statSync(path).size)} MiB; median of ${TURNS} processes each\n`);
  const table = Object.entries(WAYS).map(([name, make]) => {
    const turns = Array.from({ length: TURNS }, () => measured(make)).sort((a, b) => a.rss - b.rss);
    const { rss, madeMs, takenMs } = turns[Math.floor(TURNS / 2)];
    return [name, mib(rss), short(madeMs), short((takenMs * 1000) / rows)];
  });
  console.log(markdownTable(['', 'RSS MiB', 'ms to make it', 'us per row taken'], table));
} finally {
  rmSync(folder, { recursive: true });
}
