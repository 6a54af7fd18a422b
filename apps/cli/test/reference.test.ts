import { readFileSync } from 'node:fs';
import { Value } from '@jarvis-load/engine/typebox/value';
import { describe, expect, it } from 'vitest';
import { RESULT_SCHEMA_VERSION } from '@jarvis-load/engine/result';
import { COMMANDS } from '../src/commands/index.ts';
import { ConfigFileSchema, configSchemaJson } from '../src/config/config-schema.ts';
import { cliMarkdown } from '../src/reference/cli-markdown.ts';
import { resultSchemaJson } from '../src/reference/result-schema.ts';

const reference = (name: string) =>
  readFileSync(new URL(`../../../docs/reference/${name}`, import.meta.url), 'utf8');

describe('docs/reference', () => {
  it('cli.md is what the flag tables say (npm run docs -w apps/cli writes it)', () => {
    expect(reference('cli.md')).toBe(cliMarkdown(COMMANDS));
  });

  it('config.schema.json is the schema that the config file is checked against', () => {
    expect(reference('config.schema.json')).toBe(configSchemaJson());
  });

  it('result.schema.json is the schema that result documents are checked against (npm run docs -w apps/cli)', () => {
    expect(reference('result.schema.json')).toBe(resultSchemaJson());
    expect(JSON.parse(resultSchemaJson())).toMatchObject({
      type: 'object',
      properties: { schemaVersion: { const: RESULT_SCHEMA_VERSION }, verdict: { type: 'object' } },
    });
  });

  it('describes a config file that the program takes', () => {
    const example = /```json\n([^]*?)```/.exec(reference('cli.md'))?.[1] ?? '';
    expect(Value.Check(ConfigFileSchema, JSON.parse(example))).toBe(true);
  });
});
