import { flagTable, type SettingsOf } from './flag.ts';
import { choices, number, onOff, text } from './flag-kinds.ts';
import { FORMATS } from './formats.ts';

/** Flags of `report`. `defaultText` is only shown: a flag that is not given is undefined. */
export const REPORT_FLAGS = flagTable({
  format: {
    kind: choices(FORMATS, '<format,...>'),
    description: `Views to write; repeatable, or separated by commas: ${FORMATS.join(', ')}`,
    example: '--format=junit',
    defaultText: 'html,csv; of k6 junit too',
  },
  summary: {
    kind: text('<file>'),
    // JARVIS_LOAD_SUMMARY sets the flag of `load`, which names a form and not a file.
    inEnvironment: false,
    description:
      "k6's summary of the same run (--summary-export, or what handleSummary wrote): it has the outcome of each threshold. The word k6 prints the metrics and columns of k6 instead",
    example: '--summary=out-summary.json',
    defaultText: 'the one beside the samples, where its name says so',
  },
  k6Exit: {
    kind: number({ integer: true, min: 0, max: 255 }),
    description: 'The exit code k6 ended with: 99 is never a pass, and an interrupted run is not valid',
    example: '--k6-exit=$?',
    defaultText: 'not known',
  },
  strict: {
    kind: onOff(),
    description: 'A k6 run with thresholds or objectives that too few samples prove is not valid',
    example: '--strict',
    defaultText: 'off: they are warnings where 20 samples or more stand behind one',
  },
  allowMissing: {
    kind: onOff(),
    description:
      'Of several files: judges the parts that are there; without it a run with a missing part is not valid',
    example: '--allow-missing',
    defaultText: 'off',
  },
  exitCode: {
    kind: onOff(),
    description: 'Ends with the exit code of the run: 99 when it failed, 98 when it is not valid',
    example: '--exit-code',
    defaultText: 'off: 0 when the views were written',
  },
  baseline: {
    kind: text('<run or folder>'),
    description:
      'Compares the run with this one, or with those runs of a folder that had the same load: prints the comparison, writes comparison.md, .json and .html beside the report, and puts arrows beside its figures',
    example: '--baseline=results/20261122-171500-ab12',
    defaultText: 'none',
  },
  failOnWorse: {
    kind: onOff(),
    description:
      'With --baseline: exit 97 if something is worse than the baseline, 98 if the two cannot be compared',
    example: '--fail-on-worse',
    defaultText: 'off',
  },
  viewsDir: {
    aliases: ['report-dir'],
    kind: text('<directory>'),
    description: 'Folder for the views',
    example: '--views-dir=/tmp/report',
    defaultText:
      "the run's own, results/merged-<id> for several files, or <file>-report beside the output of k6; standard-input-report for -",
  },
  quiet: {
    kind: onOff(),
    description: 'Writes the files without showing the summary',
    example: '--quiet',
    defaultText: 'off',
  },
  debug: {
    kind: onOff(),
    description: 'Shows stack traces',
    example: '--debug',
    defaultText: 'off',
  },
});

/** Settings of `report`. */
export type ReportSettings = SettingsOf<typeof REPORT_FLAGS>;
