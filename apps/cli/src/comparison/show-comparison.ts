import { notComparedSentence } from '@jarvis-load/reporter';
import { clean } from '../output/clean-text.ts';
import type { Console } from '../output/console.ts';
import type { Compared } from './baseline.ts';
import { comparisonText } from './write-comparison.ts';

/** Prints the comparison with a baseline, or warns why there is none. @param quiet only the warning */
export function showComparison({ given, outcome }: Compared, console: Console, quiet = false): void {
  if (outcome.comparison === undefined) {
    const sentence = notComparedSentence({ baseline: given, obstacles: outcome.obstacles });
    console.err.write(`warning: ${clean(sentence)}\n`);
  } else if (!quiet) {
    console.out.write(comparisonText(outcome, 'text', console));
  }
}
