import { Type } from '@jarvis-load/engine/typebox';
import { OutputError, parseOutput } from '@jarvis-load/outputs';
import { usageError } from '../cli-error.ts';
import type { FlagKind, SourceName } from './flag.ts';

/** The error of an output as one of the command line. @param source that named the output */
export function outputUsageError(error: unknown, source: SourceName): unknown {
  if (!(error instanceof OutputError)) return error;
  return usageError('output', `${source}: ${error.problem}`, error.expected, 'docs/guides/monitoring.md');
}

/** `<kind>=<where>`, repeated; the values are the texts, checked. */
export function outputs(): FlagKind<readonly string[]> {
  const read = (texts: readonly string[], source: SourceName): readonly string[] => {
    for (const text of texts) {
      try {
        parseOutput(text);
      } catch (error) {
        throw outputUsageError(error, source);
      }
    }
    return [...new Set(texts)];
  };
  return {
    placeholder: '<kind=where>',
    repeatable: true,
    schema: Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }))]),
    fromText: read,
    fromConfig: (value, source) => read(Array.isArray(value) ? value.map(String) : [String(value)], source),
  };
}
