import type { SuiteScenario } from '@jarvis-load/engine';
import { exitCode } from '../exit-codes.ts';
import { LIST_FLAGS, type ListSettings } from '../options/list-flags.ts';
import { table } from '../output/table.ts';
import { chooseTests } from '../run/choose-tests.ts';
import { describeSetting } from '../test-file/read-settings.ts';
import { defineCommand } from './command.ts';

/** `scenarios`: lists the scenarios, and the settings of a test file. */
export const scenarios = defineCommand<ListSettings>({
  name: 'scenarios',
  summary: 'Lists the scenarios, with a sentence each; of a test file also its settings',
  argument: { name: '[file]', description: 'A test file; without one: the Jarvis suite' },
  flags: LIST_FLAGS,
  examples: ['npx jarvis-load scenarios', 'npx jarvis-load scenarios ./shop.ts'],
  async run(_settings, context, file) {
    const { suite } = await chooseTests({}, context.cwd, file);
    const rows = suite.scenarios.map(({ name, description = '', byDefault = true }: SuiteScenario) => [
      name,
      `${description}${byDefault ? ' (runs by default)' : ''}`.trim(),
    ]);
    context.out.write(`${table(rows)}\n`);
    const settings = Object.entries(file === '' ? {} : (suite.settings ?? {}));
    if (settings.length > 0) {
      const lines = settings.map(([name, schema]) => `  --set ${describeSetting(name, schema)}\n`);
      context.out.write(`\nSettings:\n${lines.join('')}`);
    }
    return exitCode('pass');
  },
});
