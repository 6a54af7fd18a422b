import { PROFILES, profileDurationMs } from '@jarvis-load/jarvis';
import { exitCode } from '../exit-codes.ts';
import { formatDuration } from '../options/duration.ts';
import { LIST_FLAGS, type ListSettings } from '../options/list-flags.ts';
import { table } from '../output/table.ts';
import { defineCommand } from './command.ts';

/** `profiles`: lists the load profiles. */
export const profiles = defineCommand<ListSettings>({
  name: 'profiles',
  summary: 'Lists the profiles, with length and a sentence each',
  flags: LIST_FLAGS,
  examples: ['npx jarvis-load profiles'],
  run(_settings, context) {
    const rows = PROFILES.map((profile) => [
      profile.name,
      formatDuration(profileDurationMs(profile)),
      profile.description,
    ]);
    context.out.write(`${table(rows)}\n`);
    return Promise.resolve(exitCode('pass'));
  },
});
