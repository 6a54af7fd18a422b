import type { AnswerSchema } from '@jarvis-load/engine';
import { Value } from 'typebox/value';
import type { JudgeAnswer } from '../k6/k6-response.ts';

/**
 * Holds a value to a schema of TypeBox or of a Standard Schema library, with the reasons of `data/judge-answer.ts` of the engine.
 * TypeBox compiles nothing here: k6 is slow at it.
 */
export function judgeAnswer(schema: AnswerSchema, value: unknown): ReturnType<JudgeAnswer> {
  if ('~standard' in schema) {
    const result = schema['~standard'].validate(value);
    if ('then' in result) {
      return { reason: 'the schema validates asynchronously; expected one that answers at once' };
    }
    if (result.issues === undefined) return { value: result.value };
    const [first] = result.issues;
    const path = (first?.path ?? []).map((part) => `/${String(typeof part === 'object' ? part.key : part)}`);
    return misfit(path.join(''), first?.message ?? 'does not fit the schema');
  }
  if (Value.Check(schema, value)) return { value };
  const [first] = Value.Errors(schema, value);
  return misfit(first?.instancePath ?? '', first?.message ?? 'does not fit the schema');
}

function misfit(path: string, message: string): { readonly reason: string } {
  return { reason: `${path === '' ? 'the body' : path}: ${message}` };
}
