import { prepareReportDirectory } from '../results/run-directory.ts';
import { mergeParts } from '../merging/merge-parts.ts';
import { readParts } from '../merging/read-parts.ts';
import { MERGE_FLAGS, type MergeSettings } from '../options/merge-flags.ts';
import { newRunId } from '../results/run-id.ts';
import { exitOfResult } from '../run/exit-of-result.ts';
import { showResult } from '../run/show-result.ts';
import { defineCommand } from './command.ts';

/** `merge`: one document and report of the parts of one run. */
export const merge = defineCommand<MergeSettings>({
  name: 'merge',
  summary: 'Makes one document and report of the parts of a run that several machines made (load --part)',
  argument: {
    name: '<run...>',
    description: "Folders of the parts, or a folder that holds them; each needs its part's journal.ndjson",
  },
  flags: MERGE_FLAGS,
  examples: ['npx jarvis-load merge results/*', 'npx jarvis-load merge part-1 part-2 --allow-missing'],
  async run({ allowMissing = false, reportDir = 'results', ...settings }, context, _first, given) {
    const parts = await readParts(given, context.cwd);
    const reportDirectory = prepareReportDirectory(reportDir, context.cwd);
    const result = mergeParts(`merged-${newRunId(new Date())}`, parts, allowMissing);
    showResult(result, { settings, reportDirectory, context });
    return exitOfResult(result);
  },
});
