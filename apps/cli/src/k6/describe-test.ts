import type { RunResult } from '@jarvis-load/engine/result';
import { K6_FLAGS } from '../options/k6-flags.ts';
import { reproducingCommand } from '../run/describe-run.ts';
import { replacesLoad, writeK6Arguments } from './read-arguments.ts';
import type { K6Request } from './k6-request.ts';

/** Notes about the load that k6 was given. */
export function loadNotes({ settings, arguments: args }: K6Request, hasSummary: boolean): RunResult['notes'] {
  const notes: RunResult['notes'] = [];
  if (settings.timeScale !== undefined && settings.timeScale !== 1) {
    notes.push({
      level: 'info',
      code: 'time-scale',
      text: `The stages of the test are ${settings.timeScale} times as long as they should be (time scale); think times are as they are.`,
    });
  }
  if (replacesLoad(args)) {
    notes.push({
      level: 'warning',
      code: 'k6-load-replaced',
      text: `Flags of k6 replaced the load of the test: ${writeK6Arguments(args).join(' ')}. Its plan in this document is not what ran.`,
    });
  }
  if (!hasSummary) {
    notes.push({
      level: 'warning',
      code: 'k6-no-summary',
      text: 'k6 wrote no summary: its own values and verdicts are not in this document; thresholds were judged from its samples.',
    });
  }
  return notes;
}

/** The settings of the run for the document: with the command that repeats it, and the flags for k6. */
export function describeConfig(
  { context, settings, seed, arguments: args }: K6Request,
  config: RunResult['config'],
): RunResult['config'] {
  const { redactor } = context;
  return {
    command: reproducingCommand(context, settings, seed, redactor, K6_FLAGS),
    ...config,
    ...(args.length === 0 ? {} : { k6Arguments: writeK6Arguments(args).map((each) => redactor.text(each)) }),
  };
}
