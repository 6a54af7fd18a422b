/** `npm run docs -w apps/cli`: writes the generated parts of `docs/reference` about the command line and the result document. */
import { writeFileSync } from 'node:fs';
import { COMMANDS } from '../commands/index.ts';
import { configSchemaJson } from '../config/config-schema.ts';
import { cliMarkdown } from './cli-markdown.ts';
import { resultSchemaJson } from './result-schema.ts';

const folder = new URL('../../../../docs/reference/', import.meta.url);
writeFileSync(new URL('cli.md', folder), cliMarkdown(COMMANDS));
writeFileSync(new URL('config.schema.json', folder), configSchemaJson());
writeFileSync(new URL('result.schema.json', folder), resultSchemaJson());
