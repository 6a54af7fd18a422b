/*
 * The rows of a CSV or NDJSON file of arrivals: every time, name and size is checked when it is opened; `arrival` reads a row
 * from the disk again when its iteration starts. Memory holds 26 bytes a row.
 *
 * Must hold:
 * - The file does not change during the run: rows are found by their place in it. `openArrivals` opens a changed one anew.
 * - It is opened by `openArrivals`, once in each thread, and stays open while it is the last state of the file, or in use.
 * - Numbers are times from the start of the load, date-times are counted from the first row.
 * - Offsets are those of the file: `timeScale` is applied by who uses them (`offsetOf`).
 */

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { EngineError } from '../errors.ts';
import type { Arrival } from '../model/arrival.ts';
import { reasonOf, show } from '../show.ts';
import { findColumns, type ArrivalColumn } from './arrival-columns.ts';
import { readArrivalTime, type ArrivalTime } from './arrival-time.ts';
import { csvFields } from './csv-row.ts';
import { isMissing, PATH_EXPECTED, pathOfFile } from './file.ts';
import { IndexedFile } from './indexed-file.ts';

type Fields = Readonly<Record<string, unknown>>;
type Columns = Partial<Record<ArrivalColumn, string>>;

/** What rows ask for: a scenario, an operation, or neither. */
export interface ArrivalKey {
  readonly scenario: string | undefined;
  readonly operation: string | undefined;
  /** Number of the first such row. */
  readonly firstRow: number;
}

/** Of a column of names; more of them are most likely another column, such as ids. */
const MOST_KEYS = 1000;
/** Of tokens and bytes. */
const MOST_SIZE = 1_000_000_000;
const TIMES = 'seconds from the start, 12.5, or a date-time, 2026-11-29T08:30:00.250Z';
const HEADER = 'a header such as time,scenario,prompt_tokens,answer_tokens';

/** The rows of a CSV or NDJSON file of arrivals. */
export class ArrivalFile {
  readonly sha256: string;
  readonly keys: readonly ArrivalKey[];
  /** Milliseconds of each row from the start of the load, ascending. */
  readonly offsetsMs: Float64Array;
  /** Of each row: its place in `keys`. */
  readonly keyOf: Uint16Array;
  readonly #path: string;
  readonly #file: IndexedFile;
  /** Names of the columns of CSV; undefined: NDJSON. */
  readonly #header: readonly string[] | undefined;
  readonly #columns: Columns | undefined;

  /** @throws EngineError `invalid-option`, with the line, for a file that is not one of arrivals */
  constructor(path: string) {
    this.#path = path;
    const absolute = pathOfFile(path);
    try {
      this.#file = new IndexedFile(absolute, isCsv(absolute));
    } catch (cause) {
      const reason = reasonOf(cause);
      const expected = isMissing(cause) ? PATH_EXPECTED : 'expected CSV or NDJSON with a time in each row';
      throw this.#error(`cannot be read: ${reason}; ${expected}`);
    }
    const first = this.#file.length > 0 ? this.#file.text(0) : '';
    if (!isObject(first)) {
      this.#header = csvFields(first) ?? [];
      this.#columns = this.#columnsOf(0, this.#header);
    }
    const length = this.length;
    if (length <= 0) throw this.#error('has no rows; expected at least one arrival');
    this.offsetsMs = new Float64Array(length);
    this.keyOf = new Uint16Array(length);
    this.keys = this.#readAll();
    const hash = createHash('sha256');
    for (const chunk of this.#file.chunks()) hash.update(chunk);
    this.sha256 = hash.digest('hex');
  }

  /** Arrivals. */
  get length(): number {
    return this.#file.length - (this.#header === undefined ? 0 : 1);
  }

  /** Milliseconds of the last arrival. */
  get lastMs(): number {
    return this.offsetsMs[this.length - 1]!;
  }

  /** A row as scenario code gets it. */
  arrival(row: number): Arrival {
    const fields = this.#fields(row);
    const columns = this.#columns ?? this.#columnsOf(row, Object.keys(fields));
    const { scenario, operation } = this.keys[this.keyOf[row]!]!;
    return {
      row,
      ...(scenario === undefined ? {} : { scenario }),
      ...(operation === undefined ? {} : { operation }),
      ...this.#sizes(row, fields, columns),
      fields,
    };
  }

  /** The line of a row, from 1, for errors. */
  lineOf(row: number): number {
    return this.#file.lineOf(this.#place(row));
  }

  #readAll(): readonly ArrivalKey[] {
    const keys: ArrivalKey[] = [];
    const places = new Map<string, number>();
    let first: ArrivalTime | undefined;
    let last = 0;
    for (let row = 0; row < this.length; row++) {
      const fields = this.#fields(row);
      const columns = this.#columns ?? this.#columnsOf(row, Object.keys(fields));
      const time = this.#time(row, fields, columns);
      first ??= time;
      if (time.kind !== first.kind) throw this.#error('has both numbers and date-times as time', row);
      const offsetMs = time.kind === 'offset' ? time.ms : sinceFirst(time, first);
      if (offsetMs < last) {
        const before = `${formatSeconds(last)} of the row before`;
        throw this.#error(
          `is at ${formatSeconds(offsetMs)}, earlier than ${before}; expected times in ascending order`,
          row,
        );
      }
      this.offsetsMs[row] = last = offsetMs;
      this.#sizes(row, fields, columns);
      const scenario = this.#name(row, fields, columns.scenario);
      const operation = this.#name(row, fields, columns.operation);
      const key = scenario === undefined ? (operation ?? '') : `${scenario}\n${operation ?? ''}`;
      let place = places.get(key);
      if (place === undefined) {
        place = keys.length;
        if (place === MOST_KEYS)
          throw this.#error(`names scenario or operation number ${MOST_KEYS + 1}; expected fewer`, row);
        places.set(key, place);
        keys.push({ scenario, operation, firstRow: row });
      }
      this.keyOf[row] = place;
    }
    return keys;
  }

  #place(row: number): number {
    return this.#header === undefined ? row : row + 1;
  }

  #fields(row: number): Fields {
    const text = this.#file.text(this.#place(row));
    if (this.#header === undefined) {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (cause) {
        throw this.#error(`is not JSON (${reasonOf(cause)})`, row);
      }
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
      throw this.#error(`is ${show(value)}; expected an object such as {"time": 12.5}`, row);
    }
    const values = csvFields(text);
    if (values === undefined)
      throw this.#error('has quotes in the wrong place; expected "a ""quoted"" text"', row);
    const names = this.#header;
    if (values.length !== names.length)
      throw this.#error(`has ${values.length} fields; expected ${names.length}, as the header`, row);
    const fields: Record<string, unknown> = {};
    for (let place = 0; place < names.length; place++) fields[names[place]!] = values[place];
    return fields;
  }

  /** @param row the row whose names they are; of a header: 0, and errors name no line */
  #columnsOf(row: number, names: readonly string[]): Columns {
    const found = findColumns(names);
    if ('names' in found) return found.names;
    const named = names.map((name) => show(name)).join(', ');
    if (this.#header !== undefined)
      throw this.#error(`has the columns ${named}: ${found.problem}; expected ${HEADER}`);
    throw this.#error(`has the fields ${named}: ${found.problem}; expected {"time": 12.5}`, row);
  }

  #time(row: number, fields: Fields, columns: Columns): ArrivalTime {
    const name = columns.time ?? columns.timeMs!;
    const time = readArrivalTime(fields[name], columns.time === undefined ? 1 : 1000);
    const expected = columns.time === undefined ? 'milliseconds from the start' : TIMES;
    if (time === undefined) throw this.#error(`has ${name} ${show(fields[name])}; expected ${expected}`, row);
    if (time.kind === 'offset' && time.ms < 0)
      throw this.#error(`has ${name} ${show(fields[name])}, which is negative; expected ${expected}`, row);
    return time;
  }

  #name(row: number, fields: Fields, column: string | undefined): string | undefined {
    const value = column === undefined ? undefined : fields[column];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
    throw this.#error(`has ${column} ${show(value)}; expected a name`, row);
  }

  #sizes(row: number, fields: Fields, columns: Columns): Partial<Arrival> {
    const { promptTokens, answerTokens, bytes } = columns;
    if (promptTokens === undefined && answerTokens === undefined && bytes === undefined) return {};
    const sizes: { promptTokens?: number; answerTokens?: number; bytes?: number } = {};
    for (const size of ['promptTokens', 'answerTokens', 'bytes'] as const) {
      const name = columns[size];
      const value = name === undefined ? undefined : fields[name];
      if (value === undefined || value === null || value === '') continue;
      const number = typeof value === 'string' ? Number(value.trim() || Number.NaN) : value;
      if (!(Number.isInteger(number) && Number(number) >= 0 && Number(number) <= MOST_SIZE))
        throw this.#error(`has ${name} ${show(value)}; expected a whole number from 0 to ${MOST_SIZE}`, row);
      sizes[size] = Number(number);
    }
    return sizes;
  }

  #error(problem: string, row?: number): EngineError {
    const where = row === undefined ? '' : `, line ${this.lineOf(row)}`;
    return new EngineError('invalid-option', `file of arrivals ${show(this.#path)}${where}: ${problem}.`);
  }
}

/** The files that this thread has opened, by path, as they were last: an earlier state is closed when no run reads it. */
const opened = new Map<string, { readonly state: string; readonly file: ArrivalFile }>();

/** Opens a file of arrivals, or gives the one that is open and has not changed since. @throws EngineError `invalid-option` */
export function openArrivals(path: string): ArrivalFile {
  const absolute = pathOfFile(path);
  const state = stateOf(absolute);
  const found = opened.get(absolute);
  if (found?.state === state) return found.file;
  const file = new ArrivalFile(path);
  opened.set(absolute, { state, file });
  return file;
}

/** What differs once a file has changed. Of one that cannot be read `ArrivalFile` says why. */
function stateOf(path: string): string {
  try {
    const { size, mtimeMs } = statSync(path);
    return `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}

function isObject(text: string): boolean {
  return text.trimStart().startsWith('{');
}

/** NDJSON escapes line breaks; a quoted field of CSV may hold them. */
function isCsv(path: string): boolean {
  return !isObject(IndexedFile.head(path));
}

function sinceFirst(time: ArrivalTime, first: ArrivalTime): number {
  return time.ms - first.ms + (time.fractionMs - first.fractionMs);
}

function formatSeconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(6))} s`;
}
