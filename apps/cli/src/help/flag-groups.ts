import type { CAPACITY_FLAGS } from '../options/capacity-flags.ts';
import type { LOAD_FLAGS } from '../options/load-flags.ts';
import type { REPORT_FLAGS } from '../options/report-flags.ts';
import type { WORKER_FLAGS } from '../options/worker-flags.ts';

/** Flags of the commands whose help has headings. */
type Key =
  | keyof typeof LOAD_FLAGS
  | keyof typeof CAPACITY_FLAGS
  | keyof typeof REPORT_FLAGS
  | keyof typeof WORKER_FLAGS;

/**
 * Headings of the help of a command with many flags, in their order, and the flags below each. A flag that stands under none is
 * shown by `--help=all` only.
 */
const GROUPS: Readonly<Record<string, readonly Key[]>> = {
  'Master:': ['masterHost', 'masterPort', 'printLocustfile'],
  'Target:': ['target', 'suite', 'scenario', 'set', 'confirmTarget', 'config'],
  'Load:': [
    'profile',
    'users',
    'spawnRate',
    'duration',
    'stages',
    'rate',
    'rateStages',
    'arrivalsFile',
    'iterations',
    'sweep',
    'from',
    'to',
    'precision',
    'step',
    'confirm',
    'repeat',
    'dryRun',
    'once',
    'watch',
    'seed',
  ],
  'Promises:': ['threshold', 'objectives', 'strict', 'baseline', 'failOnWorse'],
  'Output:': ['reportDir', 'format', 'summary', 'out', 'trace', 'title', 'tag', 'quiet', 'noLive', 'ui'],
  'Login:': ['username', 'password', 'token', 'accounts', 'identity', 'header'],
};

/** Heading of the flags that only `--help=all` shows. */
export const ADVANCED = 'Advanced:';

/** Below so many flags, a command shows all of them under one heading. */
const FEWEST_FOR_GROUPS = 20;

/** The heading of each flag of a command; undefined if its flags stand under one heading. */
export function flagGroups(keys: readonly string[]): ReadonlyMap<string, string> | undefined {
  if (keys.length < FEWEST_FOR_GROUPS) return undefined;
  const headings = Object.entries(GROUPS).flatMap(([heading, below]) =>
    below.map((key) => [key, heading] as const),
  );
  const known = new Map<string, string>(headings);
  return new Map(keys.map((key) => [key, known.get(key) ?? ADVANCED]));
}

/** The keys of a command in the order of its headings, the advanced ones last. */
export function inGroupOrder(keys: readonly string[]): readonly string[] {
  const groups = flagGroups(keys);
  if (groups === undefined) return keys;
  const headings = [...Object.keys(GROUPS), ADVANCED];
  const inGroup = (heading: string) => {
    const members = keys.filter((key) => groups.get(key) === heading);
    const order: readonly string[] = GROUPS[heading] ?? members;
    return members.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  };
  return headings.flatMap(inGroup);
}
