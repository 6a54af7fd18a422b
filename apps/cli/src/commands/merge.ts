import { prepareReportDirectory } from '../results/run-directory.ts';
import { mergeRuns } from '../merging/merge-runs.ts';
import { MERGE_FLAGS, type MergeSettings } from '../options/merge-flags.ts';
import { isTyped } from '../options/resolve-settings.ts';
import { exitOfResult } from '../run/exit-of-result.ts';
import { showResult } from '../run/show-result.ts';
import { defineCommand } from './command.ts';

/** `merge`: one document and report of the parts of one run. */
export const merge = defineCommand<MergeSettings>({
  name: 'merge',
  summary:
    'Makes one document and report of the parts of a run that several machines made: load --part, workers of a Locust master, or runners of k6',
  argument: {
    name: '<run...>',
    description:
      "Folders of the parts, or a folder that holds them; each needs its part's journal.ndjson. Of runners of k6, their files of --out json or --out csv",
  },
  flags: MERGE_FLAGS,
  examples: [
    'npx jarvis-load merge results/*',
    'npx jarvis-load merge part-1 part-2 --allow-missing',
    'npx jarvis-load merge runner-*.json',
  ],
  async run(all, context, _first, given) {
    const { allowMissing = false, k6Exit, strict = false, reportDir = 'results', ...settings } = all;
    const reportDirectory = prepareReportDirectory(reportDir, context.cwd);
    const strictTyped = strict && isTyped(all, 'strict');
    const options = { allowMissing, exitCode: k6Exit, strict, strictTyped };
    const result = await mergeRuns(given, options, context.cwd);
    showResult(result, { settings, reportDirectory, context });
    return exitOfResult(result);
  },
});
