/** `npm run docs -w apps/cli`: writes the generated parts of `docs/reference` about the command line. */
import { writeFileSync } from 'node:fs';
import { COMMANDS } from '../commands/index.ts';
import { configSchemaJson } from '../config/config-schema.ts';
import { cliMarkdown } from './cli-markdown.ts';

const folder = new URL('../../../../docs/reference/', import.meta.url);
writeFileSync(new URL('cli.md', folder), cliMarkdown(COMMANDS));
writeFileSync(new URL('config.schema.json', folder), configSchemaJson());
