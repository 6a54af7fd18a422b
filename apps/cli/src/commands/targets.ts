import { exitCode } from '../exit-codes.ts';
import { LIST_FLAGS, type ListSettings } from '../options/list-flags.ts';
import { clean } from '../output/clean-text.ts';
import { table } from '../output/table.ts';
import { LOCAL_URL } from '../target/resolve-target.ts';
import { defineCommand } from './command.ts';

/** `targets`: lists mock, local and the targets of the config file; the guard is not asked, so one may have expired. */
export const targets = defineCommand<ListSettings>({
  name: 'targets',
  summary: 'Lists the targets that may be loaded, with a sentence each',
  flags: LIST_FLAGS,
  examples: ['npx jarvis-load targets', 'npx jarvis-load targets --config=load/staging.json'],
  run(_settings, context) {
    const { config } = context;
    const rows = [
      ['mock', '(a free port)', 'The built-in mock, started for the run and gone after it'],
      ['local', LOCAL_URL, 'The API on this machine; the default'],
      ...Object.entries(config.targets).map(([name, target]) => [
        name,
        target.url,
        `${target.description ?? `Allowed by ${target.owner}`}: at most ${target.maxUsers} users, ${target.maxRate} requests/s, ${target.maxDuration}, until ${target.expiry}; needs --confirm-target`,
      ]),
    ];
    context.out.write(`${table(rows.map((row) => row.map(clean)))}\n`);
    context.err.write(
      `Any loopback URL may be loaded, too. Other hosts go into "targets" of ${config.name} (docs/reference/config.schema.json).\n`,
    );
    return Promise.resolve(exitCode('pass'));
  },
});
