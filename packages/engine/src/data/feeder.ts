/*
 * `feeder` of scenario code: data for users, row by row. Files are indexed, not loaded, but for `json`.
 *
 * Must hold:
 * - A feeder is made while the module of the scenarios is loaded, in each thread, and declared in `feeders`: its place there
 *   gives the position that the threads share.
 * - A file of `csv` or `ndjson` does not change during the run, and stays open as long as the feeder is in use: a row is read when
 *   a user takes it, and one that cannot be read throws in that iteration.
 * - `k6-scenarios/src/file/feeder.ts` is its counterpart in k6: methods and options are added in both.
 */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { EngineError } from '../errors.ts';
import type { AnswerSchema, ValueOf } from '../model/answer-schema.ts';
import type { Feeder, FeederOptions } from '../model/feeder.ts';
import { reasonOf, show } from '../show.ts';
import { wrongOptions } from '../wrong-options.ts';
import { csvFields } from './csv-row.ts';
import { isMissing, PATH_EXPECTED, pathOfFile } from './file.ts';
import { CSV_OPTIONS, OPTIONS, SCHEMA_OPTIONS, wrongChoice } from './feeder-options.ts';
import { IndexedFile } from './indexed-file.ts';
import { schemaProblem } from '../input/schema-problem.ts';
import { judgeAnswer } from './judge-answer.ts';

interface CsvOptions<Column extends string> extends FeederOptions {
  /** Columns that rows must have; they give rows their type. @default those of the first line */
  readonly columns?: readonly Column[];
  /** Whether the first line holds the names of the columns; without it, `columns` does. @default true */
  readonly header?: boolean;
  /** One character. @default , */
  readonly separator?: string;
}

interface SchemaOptions<Schema extends AnswerSchema> extends FeederOptions {
  /** Schema of a row, checked when a user gets it. @default any */
  readonly schema?: Schema;
}

/** Data for users, row by row. */
export const feeder = {
  /** Rows of a CSV file, as objects by column. @throws EngineError `invalid-option` */
  csv<const Column extends string = string>(
    path: string | URL,
    options: CsvOptions<Column> = {},
  ): Feeder<Readonly<Record<Column, string>>> {
    checkOptions(path, options, CSV_OPTIONS);
    const { columns, header = true, separator = ',' } = options;
    const { file, name } = open(path, true, options.name);
    const fieldsOf = (row: number): string[] => {
      const fields = csvFields(file.text(row), separator);
      if (fields !== undefined) return fields;
      throw invalid(name, `row ${row + 1} has quotes in the wrong place; expected "a ""quoted"" text"`);
    };
    const names: readonly string[] = header && file.length > 0 ? fieldsOf(0) : (columns ?? []);
    const missing = (columns ?? []).filter((column) => !names.includes(column));
    if (missing.length > 0) {
      throw invalid(name, `has no column ${missing.join(', ')}; its columns: ${names.join(', ')}`);
    }
    if (names.length === 0) throw invalid(name, 'has no header; expected columns: [...] with header: false');
    const skip = header ? 1 : 0;
    const length = Math.max(0, file.length - skip);
    return create(name, options, length, (index) => {
      const fields = fieldsOf(index + skip);
      if (fields.length !== names.length) {
        throw invalid(name, `row ${index + skip + 1} has ${fields.length} fields; expected ${names.length}`);
      }
      return Object.fromEntries(names.map((column, place) => [column, fields[place]])) as Readonly<
        Record<Column, string>
      >;
    });
  },

  /** A JSON document on each line. @throws EngineError `invalid-option` */
  ndjson<Schema extends AnswerSchema>(
    path: string | URL,
    options: SchemaOptions<Schema> = {},
  ): Feeder<ValueOf<Schema>> {
    checkOptions(path, options, SCHEMA_OPTIONS);
    const { file, name } = open(path, false, options.name);
    return create(name, options, file.length, (index) => {
      let value: unknown;
      try {
        value = JSON.parse(file.text(index));
      } catch (cause) {
        throw invalid(name, `row ${index + 1} is not JSON: ${(cause as Error).message}`);
      }
      return described(name, index, value, options.schema);
    });
  },

  /** The elements of a JSON list, which is read as a whole: use `ndjson` for much data. @throws EngineError `invalid-option` */
  json<Schema extends AnswerSchema>(
    path: string | URL,
    options: SchemaOptions<Schema> = {},
  ): Feeder<ValueOf<Schema>> {
    checkOptions(path, options, SCHEMA_OPTIONS);
    const absolute = pathOfFile(path);
    const name = options.name ?? basename(absolute);
    const rows = tried(
      name,
      () => JSON.parse(readFileSync(absolute, 'utf8').replace(/^\ufeff/, '')) as unknown,
    );
    if (!Array.isArray(rows)) throw invalid(name, `holds ${show(rows)}; expected a list`);
    return create(name, options, rows.length, (index) => described(name, index, rows[index], options.schema));
  },

  /** Rows of code: a list. */
  of<Row>(rows: readonly Row[], options: FeederOptions = {}): Feeder<Row> {
    checkOptions('list', options, OPTIONS);
    return create('list', options, rows.length, (index) => rows[index]!);
  },

  /** Rows that a function makes from their number, from 0; the same number must give the same row. */
  generate<Row>(length: number, row: (index: number) => Row, options: FeederOptions = {}): Feeder<Row> {
    checkOptions('generator', options, OPTIONS);
    return create('generator', options, length, row);
  },
} as const;

function create<Row>(
  source: string,
  { name = source, order = 'round-robin', atEnd = 'stop' }: FeederOptions,
  length: number,
  row: (index: number) => Row,
): Feeder<Row> {
  const wrong = wrongChoice({ order, atEnd });
  if (wrong !== undefined) throw invalid(name, wrong);
  if (!(Number.isInteger(length) && length > 0)) throw invalid(name, 'has no rows; expected at least one');
  return { name, order, atEnd, length, row };
}

/** @param source path of a file, or what else the rows come from */
function checkOptions(
  source: string | URL,
  options: { readonly name?: string; readonly schema?: unknown },
  known: readonly string[],
): void {
  const wrong = wrongOptions(options, known);
  if (wrong !== undefined) throw invalid(String(source), wrong);
  const problem = options.schema === undefined ? undefined : schemaProblem(options.schema);
  if (problem !== undefined) throw invalid(String(source), `has schema ${problem}`);
}

function open(
  path: string | URL,
  quoted: boolean,
  given: string | undefined,
): { readonly file: IndexedFile; readonly name: string } {
  const absolute = pathOfFile(path);
  const name = given ?? basename(absolute);
  return { name, file: tried(name, () => new IndexedFile(absolute, quoted)) };
}

function described<Schema extends AnswerSchema>(
  name: string,
  index: number,
  value: unknown,
  schema: Schema | undefined,
): ValueOf<Schema> {
  if (schema === undefined) return value as ValueOf<Schema>;
  const judged = judgeAnswer(schema, value);
  if (judged.reason === undefined) return judged.value as ValueOf<Schema>;
  throw invalid(name, `row ${index + 1} does not fit its schema: ${judged.reason}`);
}

function tried<Value>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    const expected = isMissing(cause) ? `; ${PATH_EXPECTED}` : '';
    throw invalid(name, `cannot be read: ${reasonOf(cause)}${expected}`);
  }
}

function invalid(name: string, problem: string): EngineError {
  return new EngineError('invalid-option', `feeder ${show(name)} ${problem}.`);
}
