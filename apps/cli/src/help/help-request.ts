/** Columns of the help: no wider on a wide terminal, because long lines are hard to read. */
export const HELP_COLUMNS = 100;

/** Commander knows `--help` without a value only. */
export interface HelpRequest {
  readonly argv: readonly string[];
  /** `--help=all`: also the advanced flags, and the variables of each. */
  readonly isFull: boolean;
  /** What stands behind `--help=` if it is not `all`. */
  readonly unknown?: string;
}

/** Takes `--help=all` out of the arguments before `--`. */
export function readHelpRequest(argv: readonly string[]): HelpRequest {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const place = argv.findIndex((argument, index) => index < end && argument.startsWith('--help='));
  if (place === -1) return { argv, isFull: false };
  const level = argv[place]!.slice('--help='.length);
  const plain = argv.with(place, '--help');
  return level === 'all' ? { argv: plain, isFull: true } : { argv: plain, isFull: false, unknown: level };
}
