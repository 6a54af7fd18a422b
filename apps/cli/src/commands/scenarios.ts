import type { SuiteScenario } from '@jarvis-load/engine';
import { exitCode } from '../exit-codes.ts';
import { LIST_FLAGS, type ListSettings } from '../options/list-flags.ts';
import { DEFAULT_SUITE } from '../suites/suites.ts';
import { table } from '../output/table.ts';
import { defineCommand } from './command.ts';

/** `scenarios`: lists the scenarios. */
export const scenarios = defineCommand<ListSettings>({
  name: 'scenarios',
  summary: 'Lists the scenarios, with a sentence each',
  flags: LIST_FLAGS,
  examples: ['npx jarvis-load scenarios'],
  run(_settings, context) {
    const rows = DEFAULT_SUITE.scenarios.map(
      ({ name, description = '', byDefault = true }: SuiteScenario) => [
        name,
        `${description}${byDefault ? ' (runs by default)' : ''}`,
      ],
    );
    context.out.write(`${table(rows)}\n`);
    return Promise.resolve(exitCode('pass'));
  },
});
