import type { AnswerSchema, Feeder, FeederOptions } from '@jarvis-load/engine';
import {
  CSV_OPTIONS,
  csvFields,
  OPTIONS,
  SCHEMA_OPTIONS,
  schemaProblem,
  wrongChoice,
  wrongOptions,
} from '@jarvis-load/engine/plain';
import { SharedArray } from 'k6/data';
import { judgeAnswer } from './judge-answer.ts';
import { pathOfFile } from './file.ts';

interface CsvOptions extends FeederOptions {
  readonly columns?: readonly string[];
  readonly header?: boolean;
  readonly separator?: string;
}

interface SchemaOptions extends FeederOptions {
  readonly schema?: AnswerSchema;
}

/**
 * `feeder` of the engine in k6: files are read while the script is loaded (k6's init phase), and shared by all users.
 *
 * Must hold:
 * - Results are those of `data/feeder.ts` of the engine: change both. Other than there, all rows are parsed and held to their
 *   schema at the start.
 * - Every user makes the same feeders in the same order: the place of a feeder is part of the name of what users share.
 */
export const feeder = {
  csv(path: unknown, options: CsvOptions = {}): Feeder<Readonly<Record<string, string>>> {
    checkOptions(path, options, CSV_OPTIONS);
    const { columns = [], header = true, separator = ',' } = options;
    return shared(path, options, (text, name) => {
      const lines = recordsOf(text).map((line) => {
        const fields = csvFields(line, separator);
        if (fields === undefined)
          throw new TypeError(`feeder "${name}" has quotes in the wrong place: ${line}`);
        return fields;
      });
      const names = header ? (lines.shift() ?? []) : columns;
      const missing = columns.filter((column) => !names.includes(column));
      if (missing.length > 0) {
        const known = names.join(', ');
        throw new TypeError(`feeder "${name}" has no column ${missing.join(', ')}; its columns: ${known}.`);
      }
      return lines.map((fields, index) => {
        if (fields.length !== names.length) {
          const row = index + (header ? 2 : 1);
          throw new TypeError(
            `feeder "${name}" row ${row} has ${fields.length} fields; expected ${names.length}.`,
          );
        }
        return Object.fromEntries(names.map((column, place) => [column, fields[place]!]));
      });
    });
  },

  ndjson(path: unknown, options: SchemaOptions = {}): Feeder {
    checkOptions(path, options, SCHEMA_OPTIONS);
    return shared(path, options, (text, name) =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line, index) => described(name, index, parsed(line, name, index), options.schema)),
    );
  },

  json(path: unknown, options: SchemaOptions = {}): Feeder {
    checkOptions(path, options, SCHEMA_OPTIONS);
    return shared(path, options, (text, name) => {
      const rows: unknown = JSON.parse(text);
      if (!Array.isArray(rows)) throw new TypeError(`feeder "${name}" holds no list.`);
      return rows.map((row, index) => described(name, index, row, options.schema));
    });
  },

  of<Row>(rows: readonly Row[], options: FeederOptions = {}): Feeder<Row> {
    checkOptions('list', options, OPTIONS);
    return create('list', options, rows.length, (index) => rows[index]!);
  },

  generate<Row>(length: number, row: (index: number) => Row, options: FeederOptions = {}): Feeder<Row> {
    checkOptions('generator', options, OPTIONS);
    return create('generator', options, length, row);
  },
} as const;

/** @param source path of a file, or what else the rows come from */
function checkOptions(source: unknown, options: SchemaOptions, known: readonly string[]): void {
  const wrong = wrongOptions(options, known);
  if (wrong !== undefined) throw new TypeError(`feeder "${String(source)}" ${wrong}.`);
  const problem = options.schema === undefined ? undefined : schemaProblem(options.schema);
  if (problem !== undefined) throw new TypeError(`feeder "${String(source)}" has schema ${problem}.`);
}

/** Lines of a CSV file; a quoted field may hold line breaks. */
function recordsOf(text: string): string[] {
  const records: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    if (at < text.length && (quoted || text[at] !== '\n')) continue;
    const record = text.slice(start, at).replace(/\r$/, '');
    if (record !== '') records.push(record);
    start = at + 1;
  }
  return records;
}

/** Read from files so far, of this user. */
let feeders = 0;

function shared<Row>(
  path: unknown,
  options: FeederOptions,
  read: (text: string, name: string) => Row[],
): Feeder<Row> {
  const absolute = pathOfFile(path);
  const name = options.name ?? absolute.slice(absolute.lastIndexOf('/') + 1);
  const rows = new SharedArray(`feeder ${++feeders} ${name} ${absolute}`, () =>
    read(open(absolute).replace(/^\ufeff/, ''), name),
  );
  return create(name, options, rows.length, (index) => rows[index]!);
}

function parsed(line: string, name: string, index: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new TypeError(`feeder "${name}": row ${index + 1} is not JSON: ${reason}`, { cause });
  }
}

function described(name: string, index: number, value: unknown, schema: AnswerSchema | undefined): unknown {
  if (schema === undefined) return value;
  const judged = judgeAnswer(schema, value);
  if (judged.reason === undefined) return judged.value;
  throw new TypeError(`feeder "${name}": row ${index + 1} does not fit its schema: ${judged.reason}`);
}

function create<Row>(
  source: string,
  { name = source, order = 'round-robin', atEnd = 'stop' }: FeederOptions,
  length: number,
  row: (index: number) => Row,
): Feeder<Row> {
  const wrong = wrongChoice({ order, atEnd });
  if (wrong !== undefined) throw new TypeError(`feeder "${name}" ${wrong}.`);
  if (length === 0) throw new TypeError(`feeder "${name}" has no rows; expected at least one.`);
  return { name, order, atEnd, length, row };
}
