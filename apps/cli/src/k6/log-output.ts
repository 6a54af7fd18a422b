import { resolve } from 'node:path';
import type { K6Argument } from './read-arguments.ts';

/** Where the log of k6 goes. */
export interface K6Log {
  /** The arguments that k6 gets. */
  readonly passed: readonly K6Argument[];
  /** Whether its lines are shown. */
  readonly shown: boolean;
  /** The file that k6 writes it to. */
  readonly file: string | undefined;
}

/**
 * The last `--log-output` counts, as in k6. Only the log says why a test ended itself, so that k6 logs to its standard error, which is
 * read, for `stderr`, `stdout` and `none`; what it wrote to standard output would be shown with its secrets. A file is read at the
 * end. With `loki` the reason is not known.
 */
export function k6LogOf(args: readonly K6Argument[], cwd: string): K6Log {
  const given = args.findLast(({ name }) => name === 'log-output');
  if (given === undefined) return { passed: args, shown: true, file: undefined };
  const others = args.filter(({ name }) => name !== 'log-output');
  const { value = '' } = given;
  if (value === 'stderr' || value === 'stdout' || value === 'none')
    return { passed: others, shown: value !== 'none', file: undefined };
  const [, path] = /^file=([^,]+)/.exec(value) ?? [];
  return {
    passed: [...others, given],
    shown: true,
    file: path === undefined ? undefined : resolve(cwd, path),
  };
}
