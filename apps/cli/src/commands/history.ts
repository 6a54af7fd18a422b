import { relative, resolve } from 'node:path';
import { changesOver, obstaclesIn } from '@jarvis-load/compare';
import { renderHistoryHtml, renderHistoryText } from '@jarvis-load/reporter';
import { fitting } from '../comparison/compare-sides.ts';
import { readSide } from '../comparison/read-side.ts';
import { refusedComparison } from '../comparison/refuse-comparison.ts';
import { exitCode } from '../exit-codes.ts';
import { tolerancesFrom } from '../options/compare-flags.ts';
import { HISTORY_FLAGS, type HistorySettings } from '../options/history-flags.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import { wantsColor, widthOf } from '../output/console.ts';
import { writeViews } from '../results/run-directory.ts';
import { writeFailure } from '../results/write-failure.ts';
import { defineCommand } from './command.ts';

/** `history`: many runs of one load over time, and from which run on a figure is another. */
export const history = defineCommand<HistorySettings>({
  name: 'history',
  summary:
    'Lists runs of the same load over time, and says since which run a figure is lastingly worse or better',
  argument: {
    name: '<folder>',
    description: 'A folder of runs; those count that had the load of the newest valid one',
  },
  flags: HISTORY_FLAGS,
  examples: ['npx jarvis-load history results', 'npx jarvis-load history results --views-dir=/tmp/history'],
  async run(settings, context, folder) {
    const tolerances = tolerancesFrom(settings.tolerance, writtenAs(settings, 'tolerance'));
    const side = { ...(await readSide(folder, context.cwd)), isCollection: true };
    const newest = side.runs.findLast((run) => obstaclesIn(run).length === 0) ?? side.runs.at(-1)!;
    const { runs, left, notes } = fitting(side, newest, false);
    if (runs.length === 0) throw refusedComparison(left, 'run it again');
    const changes = changesOver(runs, tolerances);
    const width = widthOf(context.out, context.environment);
    context.out.write(
      settings.format === 'html'
        ? renderHistoryHtml(runs, changes, notes, tolerances.p50)
        : renderHistoryText(
            runs,
            changes,
            notes,
            {
              color: wantsColor(context.out, context.environment),
              ...(width === undefined ? {} : { width }),
            },
            tolerances.p50,
          ),
    );
    if (settings.viewsDir !== undefined) {
      const directory = resolve(context.cwd, settings.viewsDir);
      const view = {
        fileName: 'history.html',
        content: renderHistoryHtml(runs, changes, notes, tolerances.p50),
      };
      try {
        writeViews(directory, [view]);
      } catch (cause) {
        const place = relative(context.cwd, directory) || '.';
        throw writeFailure('the history', place, cause, 'choose another folder with --views-dir');
      }
    }
    return exitCode('pass');
  },
});
