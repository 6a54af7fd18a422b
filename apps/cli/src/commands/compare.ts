import { relative, resolve } from 'node:path';
import type { Comparison } from '@jarvis-load/compare';
import { renderComparisonJson } from '@jarvis-load/reporter';
import { usageError } from '../cli-error.ts';
import { reportComparisonsToGithub, reportRefusalToGithub } from '../ci/github-report.ts';
import { compareSides, type Outcome } from '../comparison/compare-sides.ts';
import { readSide } from '../comparison/read-side.ts';
import { refusedComparison } from '../comparison/refuse-comparison.ts';
import { comparisonText, comparisonViews } from '../comparison/write-comparison.ts';
import { exitCode } from '../exit-codes.ts';
import { COMPARE_FLAGS, tolerancesFrom, type CompareSettings } from '../options/compare-flags.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import { writeViews } from '../results/run-directory.ts';
import { writeFailure } from '../results/write-failure.ts';
import { defineCommand } from './command.ts';

/** `compare`: which figures are worse, better or no different between runs. */
export const compare = defineCommand<CompareSettings>({
  name: 'compare',
  summary:
    'Compares runs: per operation and in total worse, better, no difference larger than x, or cannot tell',
  argument: {
    name: '<runs...>',
    description:
      "The base, then one or more new sides, each compared with the base. A side is a run's folder, its result.json, the output of k6 run --out json, several of them separated by commas, or a folder of runs",
  },
  flags: COMPARE_FLAGS,
  examples: [
    'npx jarvis-load compare results/20261122-171500-ab12 results/latest',
    'npx jarvis-load compare main/result.json branch/result.json --format=markdown',
    'npx jarvis-load compare results-of-main results-of-branch',
    'npx jarvis-load compare a1,a2,a3,a4,a5 b1,b2,b3,b4,b5 --tolerance p95=5%',
  ],
  async run(settings, context, _first, given) {
    const [baseName, ...names] = given;
    if (baseName === undefined || names.length === 0) {
      throw usageError(
        'compare-input',
        'there is only one side to compare',
        'the base and at least one new side',
        'npx jarvis-load compare <base> <new>',
      );
    }
    const tolerances = tolerancesFrom(settings.tolerance, writtenAs(settings, 'tolerance'));
    const base = await readSide(baseName, context.cwd);
    const { format = 'text' } = settings;
    if (format === 'html' && names.length > 1) {
      throw usageError(
        'compare-input',
        '--format=html is one page, and there are several new sides',
        '--views-dir=<folder>, which gets a page for each',
      );
    }
    const outcomes: Extract<Outcome, { readonly comparison: Comparison }>[] = [];
    for (const name of names) {
      const candidate = await readSide(name, context.cwd);
      const options = { tolerances, force: settings.force === true };
      const outcome = compareSides(base, candidate, options);
      if (outcome.comparison === undefined) {
        reportRefusalToGithub(outcome.obstacles, context);
        throw refusedComparison(outcome.obstacles);
      }
      outcomes.push(outcome);
    }
    const comparisons = outcomes.map(({ comparison }) => comparison);
    context.out.write(
      format === 'json' && comparisons.length > 1
        ? renderComparisonJson(comparisons)
        : outcomes.map((each) => comparisonText(each, format, context)).join('\n'),
    );
    reportComparisonsToGithub(comparisons, context);
    if (settings.viewsDir !== undefined) {
      const views = outcomes.flatMap((each, index) => [
        ...comparisonViews(each, outcomes.length === 1 ? '' : `-${index + 1}`),
      ]);
      const directory = resolve(context.cwd, settings.viewsDir);
      try {
        writeViews(directory, views);
      } catch (cause) {
        const place = relative(context.cwd, directory) || '.';
        throw writeFailure('the comparison', place, cause, 'choose another folder with --views-dir');
      }
    }
    return exitCode(comparisons.some(({ finding }) => finding === 'worse') ? 'worse' : 'pass');
  },
});
