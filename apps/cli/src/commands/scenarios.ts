import { SCENARIOS } from '@jarvis-load/jarvis';
import { exitCode } from '../exit-codes.ts';
import { LIST_FLAGS, type ListSettings } from '../options/list-flags.ts';
import { table } from '../output/table.ts';
import { defineCommand } from './command.ts';

/** `scenarios`: lists the scenarios. */
export const scenarios = defineCommand<ListSettings>({
  name: 'scenarios',
  summary: 'Lists the scenarios, with a sentence each',
  flags: LIST_FLAGS,
  examples: ['npx jarvis-load scenarios'],
  run(_settings, context) {
    const rows = SCENARIOS.map(({ name, description, byDefault }) => [
      name,
      `${description}${byDefault ? ' (runs by default)' : ''}`,
    ]);
    context.out.write(`${table(rows)}\n`);
    return Promise.resolve(exitCode('pass'));
  },
});
