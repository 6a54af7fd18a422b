import { RunResultSchema } from '@jarvis-load/engine/result';

/** The JSON Schema of the result document, for programs that read it: `docs/reference/result.schema.json`. */
export function resultSchemaJson(): string {
  const published = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...RunResultSchema };
  return `${JSON.stringify(published, null, 1)}\n`;
}
