import type { K6Line } from './k6-line.ts';

/** First columns of `k6 run --out csv`; system tags follow, then `extra_tags` and `metadata`. */
const FIRST_COLUMNS = ['metric_name', 'timestamp', 'metric_value'];
/** Columns that are no tag. */
const PACKED_TAGS = 'extra_tags';
const METADATA = 'metadata';
/** A script that tags with ids has as many sets of tags as requests. */
const MOST_TAGS = 20_000;
/** Characters of a row: one that is longer has a quote that is never closed. */
const LONGEST_ROW = 64 * 1024;
/** Milliseconds of a unit of K6_CSV_TIME_FORMAT by the digits of a present time: unix, unix_milli, unix_micro, unix_nano. */
const UNITS: readonly (readonly [digits: number, ms: number])[] = [
  [11, 1000],
  [14, 1],
  [17, 1e-3],
  [20, 1e-6],
];

/** Whether a line is the first one of `k6 run --out csv`. */
export function isK6CsvHeader(line: string): boolean {
  return line.replace(/^\uFEFF/, '').startsWith(`${FIRST_COLUMNS.join(',')},`);
}

/**
 * Reads the lines of `k6 run --out csv` after the header; a quoted field may contain line breaks.
 *
 * Must hold:
 * - `parse` gets every line after the header, in order, without its line feed; then `end` is called once.
 * - Nothing throws: a row of any content is at worst `unreadable`.
 */
export class K6CsvLines {
  readonly #columns: readonly string[];
  /** JSON of tags by their text: rows of one series have the same. */
  readonly #tags = new Map<string, string>();
  /** The beginning of a row whose quoted field continues in the next line. */
  #open = '';
  /** Whether times have the resolution of a second, which is k6's default. */
  coarse = false;

  constructor(header: string) {
    this.#columns = fieldsOf(header.replace(/\r$/, '')).slice(FIRST_COLUMNS.length);
  }

  /** @returns nothing for a row that continues in the next line */
  parse(text: string): readonly K6Line[] {
    const line = this.#open === '' ? text : `${this.#open}\n${text}`;
    const isOpen = line.includes('"') && line.split('"').length % 2 === 0;
    this.#open = isOpen ? line : '';
    if (isOpen) return line.length > LONGEST_ROW ? this.#giveUp() : [];
    return [this.#row(line.endsWith('\r') ? line.slice(0, -1) : line) ?? { kind: 'unreadable' }];
  }

  /** Ends the file. @returns the rows after a quote that is still open */
  end(): readonly K6Line[] {
    const lines: K6Line[] = [];
    while (this.#open !== '') lines.push(...this.#giveUp());
    return lines;
  }

  /** The first line of the open row is unreadable; those after it are rows of their own. */
  #giveUp(): readonly K6Line[] {
    const [, ...after] = this.#open.split('\n');
    this.#open = '';
    return [{ kind: 'unreadable' }, ...after.flatMap((each) => this.parse(each))];
  }

  #row(line: string): K6Line | undefined {
    const nameEnd = line.indexOf(',');
    const timeEnd = line.indexOf(',', nameEnd + 1);
    const valueEnd = line.indexOf(',', timeEnd + 1);
    if (nameEnd < 1 || timeEnd < 0 || valueEnd < 0) return undefined;
    const timeMs = this.#timeOf(line.slice(nameEnd + 1, timeEnd));
    const number = line.slice(timeEnd + 1, valueEnd);
    const value = Number(number);
    const tags = this.#tagsOf(line.slice(valueEnd + 1));
    if (Number.isNaN(timeMs) || number === '' || Number.isNaN(value) || tags === undefined) return undefined;
    return { kind: 'point', point: { metric: line.slice(0, nameEnd), timeMs, value, tags } };
  }

  #timeOf(text: string): number {
    if (!/^\d+$/.test(text)) return Date.parse(text);
    const [digits, ms] = UNITS.find(([most]) => text.length < most) ?? [0, Number.NaN];
    if (digits === UNITS[0]![0]) this.coarse = true;
    return Number(text) * ms;
  }

  #tagsOf(text: string): string | undefined {
    const known = this.#tags.get(text);
    if (known !== undefined) return known;
    const fields = fieldsOf(text);
    if (fields.length !== this.#columns.length) return undefined;
    const tags: [string, string][] = [];
    this.#columns.forEach((name, index) => {
      const value = fields[index]!;
      if (value === '' || name === METADATA) return;
      if (name === PACKED_TAGS) tags.push(...unpacked(value));
      else tags.push([name, value]);
    });
    const json = JSON.stringify(Object.fromEntries(tags));
    if (this.#tags.size >= MOST_TAGS) this.#tags.clear();
    this.#tags.set(text, json);
    return json;
  }
}

/** Further tags: `a=1&b=2`, not encoded. */
function unpacked(text: string): [string, string][] {
  return text.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  });
}

/** The fields of a row of RFC 4180. */
function fieldsOf(row: string): string[] {
  if (!row.includes('"')) return row.split(',');
  const fields: string[] = [];
  for (const [, quoted, plain] of `,${row}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))/g)) {
    fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  return fields;
}
