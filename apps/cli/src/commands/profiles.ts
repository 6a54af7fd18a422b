import { exitCode } from '../exit-codes.ts';
import { formatDuration } from '../options/duration.ts';
import { LIST_FLAGS, type ListSettings } from '../options/list-flags.ts';
import { DEFAULT_SUITE, profilesOf } from '../suites/suites.ts';
import { table } from '../output/table.ts';
import { defineCommand } from './command.ts';

/** `profiles`: lists the load profiles of the default suite. */
export const profiles = defineCommand<ListSettings>({
  name: 'profiles',
  summary: 'Lists the profiles, with length and a sentence each',
  flags: LIST_FLAGS,
  examples: ['npx jarvis-load profiles'],
  run(_settings, context) {
    const rows = profilesOf(DEFAULT_SUITE).map((profile) => [
      profile.name,
      formatDuration(profile.durationMs),
      profile.description,
    ]);
    context.out.write(`${table(rows)}\n`);
    return Promise.resolve(exitCode('pass'));
  },
});
