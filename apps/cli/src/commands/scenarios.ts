import type { SuiteScenario } from '@jarvis-load/engine';
import { exitCode } from '../exit-codes.ts';
import { SCENARIOS_FLAGS, type ScenariosSettings } from '../options/list-flags.ts';
import { table } from '../output/table.ts';
import { chooseTests } from '../run/choose-tests.ts';
import { describeSetting } from '../test-file/read-settings.ts';
import { defineCommand } from './command.ts';

/** `scenarios`: lists the scenarios, and the settings of a test file. */
export const scenarios = defineCommand<ScenariosSettings>({
  name: 'scenarios',
  summary: 'Lists the scenarios, with a sentence each, and their settings',
  argument: { name: '[file]', description: 'A test file; without one: a built-in suite' },
  flags: SCENARIOS_FLAGS,
  examples: [
    'npx jarvis-load scenarios',
    'npx jarvis-load scenarios --suite=openai',
    'npx jarvis-load scenarios ./shop.ts',
  ],
  async run(settings, context, file) {
    const { suite } = await chooseTests(settings, context.cwd, file);
    const rows = suite.scenarios.map(({ name, description = '', byDefault = true }: SuiteScenario) => [
      name,
      `${description}${byDefault ? ' (runs by default)' : ''}`.trim(),
    ]);
    context.out.write(`${table(rows)}\n`);
    const schemas = Object.entries(suite.settings ?? {});
    if (schemas.length > 0) {
      const lines = schemas.map(([name, schema]) => `  --set ${describeSetting(name, schema)}\n`);
      context.out.write(`\nSettings:\n${lines.join('')}`);
    }
    return exitCode('pass');
  },
});
