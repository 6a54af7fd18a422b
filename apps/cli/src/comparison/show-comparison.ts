import { clean } from '../output/clean-text.ts';
import type { Console } from '../output/console.ts';
import type { Compared } from './baseline.ts';
import { comparisonText } from './write-comparison.ts';

/** Prints the comparison with a baseline, or warns why there is none. @param quiet only the warning */
export function showComparison({ given, outcome }: Compared, console: Console, quiet = false): void {
  if (outcome.comparison === undefined) {
    const reasons = outcome.obstacles.map(({ text }) => clean(text)).join('; ');
    console.err.write(`warning: not compared with the baseline ${clean(given)}: ${reasons}\n`);
  } else if (!quiet) {
    console.out.write(comparisonText(outcome, 'text', console));
  }
}
