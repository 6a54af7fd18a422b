import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison } from '@jarvis-load/compare';
import {
  renderComparisonHtml,
  renderComparisonJson,
  renderComparisonMarkdown,
  renderComparisonText,
  renderNotComparedMarkdown,
  type ComparedSides,
} from '@jarvis-load/reporter';
import type { ComparisonFormat } from '../options/compare-flags.ts';
import { wantsColor, widthOf, type Console } from '../output/console.ts';
import type { ViewFile } from '../results/select-views.ts';
import type { Compared as WithBaseline } from './baseline.ts';

/** A comparison, and the runs that it compares. */
interface Compared {
  readonly comparison: Comparison;
  readonly sides: ComparedSides;
}

/** A comparison as it is printed. */
export function comparisonText(
  { comparison, sides }: Compared,
  format: ComparisonFormat,
  console: Console,
): string {
  if (format === 'html') return renderComparisonHtml(comparison, sides);
  if (format === 'json') return renderComparisonJson(comparison);
  if (format === 'markdown') return renderComparisonMarkdown(comparison);
  const width = widthOf(console.out, console.environment);
  return renderComparisonText(comparison, {
    color: wantsColor(console.out, console.environment),
    ...(width === undefined ? {} : { width }),
  });
}

/** Files of a comparison. @param suffix of their names, where there are several comparisons */
export function* comparisonViews({ comparison, sides }: Compared, suffix = ''): Generator<ViewFile> {
  yield { fileName: `comparison${suffix}.json`, content: renderComparisonJson(comparison) };
  yield { fileName: `comparison${suffix}.md`, content: renderComparisonMarkdown(comparison) };
  yield { fileName: `comparison${suffix}.html`, content: renderComparisonHtml(comparison, sides) };
}

/** Removes the files of an earlier comparison. @throws the error of the file system */
export function removeComparison(directory: string): void {
  for (const ending of ['json', 'md', 'html'])
    rmSync(join(directory, `comparison.${ending}`), { force: true });
}

/** Files of a comparison with a baseline; where there is none, `comparison.md` says why. */
export function* baselineViews({ given, outcome }: WithBaseline): Generator<ViewFile> {
  if (outcome.comparison !== undefined) return yield* comparisonViews(outcome);
  const content = renderNotComparedMarkdown({ baseline: given, obstacles: outcome.obstacles });
  yield { fileName: 'comparison.md', content };
}
