import { createRequire } from 'node:module';
import type { AnswerSchema, StandardResult, StandardSchema } from '../model/answer-schema.ts';

/** A value as its schema returns it, or why it does not fit, with the path of the first misfit. */
export type Judged = { readonly value: unknown; readonly reason?: undefined } | { readonly reason: string };

type Judge = (value: unknown) => Judged;

/** Loaded with the first schema of TypeBox: it takes 24 MiB, and most runs have none. */
let typebox: Pick<typeof import('@jarvis-load/engine/typebox/compile'), 'Compile'> | undefined;

/** Compiled schemas: compiling takes about a millisecond. */
const judges = new WeakMap<object, Judge>();

/**
 * Holds a value to a schema of TypeBox or of a Standard Schema library. Compiled once for each schema object: scenario code makes
 * it outside of its iterations. `k6-scenarios/src/file/judge-answer.ts` is the counterpart in k6.
 *
 * Must hold: `schemaProblem` has found nothing wrong with the schema: by one that is none, TypeBox accepts every value, or throws.
 */
export function judgeAnswer(schema: AnswerSchema, value: unknown): Judged {
  let judge = judges.get(schema);
  if (judge === undefined) {
    judge = '~standard' in schema ? byStandard(schema) : byTypeBox(schema);
    judges.set(schema, judge);
  }
  return judge(value);
}

function byTypeBox(schema: object): Judge {
  typebox ??= createRequire(import.meta.url)('@jarvis-load/engine/typebox/compile') as NonNullable<
    typeof typebox
  >;
  const compiled = typebox.Compile(schema);
  return (value) => {
    if (compiled.Check(value)) return { value };
    const [first] = compiled.Errors(value);
    return misfit(first?.instancePath ?? '', first?.message ?? 'does not fit the schema');
  };
}

function byStandard(schema: StandardSchema): Judge {
  return (value) => {
    const result: StandardResult<unknown> | Promise<unknown> = schema['~standard'].validate(value);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      return { reason: 'the schema validates asynchronously; expected one that answers at once' };
    }
    if (result.issues === undefined) return { value: result.value };
    const [first] = result.issues;
    const path = (first?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
    return misfit(path.map((part) => `/${part}`).join(''), first?.message ?? 'does not fit the schema');
  };
}

function misfit(path: string, message: string): Judged {
  return { reason: `${path === '' ? 'the body' : path}: ${message}` };
}
