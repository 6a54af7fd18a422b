import type { Obstacle } from '@jarvis-load/compare';
import { CliError } from '../cli-error.ts';

const MOST_SHOWN = 5;
const ANOTHER = 'name another run, or a folder with other runs';
const AGAIN = 'run one of them again, or compare all the same with --force';

/** The error for runs that should not be compared: exit 98 if every obstacle is in a run itself (`invalid`), 2 if runs differ. */
export function refusedComparison(
  obstacles: readonly Obstacle[],
  next = obstacles.every(({ code }) => code === 'same-run') ? ANOTHER : AGAIN,
): CliError {
  const texts = obstacles.slice(0, MOST_SHOWN).map(({ text }) => text);
  const more = obstacles.length > MOST_SHOWN ? [`and ${obstacles.length - MOST_SHOWN} more`] : [];
  return new CliError({
    exit: obstacles.some(({ invalid }) => !invalid) ? 'usage' : 'not-valid',
    code: 'not-comparable',
    problem: ['these runs cannot be compared', ...texts, ...more].join('\n  - '),
    expected: 'valid runs of the same load against the same kind of target',
    next,
  });
}
