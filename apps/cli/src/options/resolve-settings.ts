/**
 * Settings of a command, from command line, environment and config file.
 *
 * Must hold: `writtenAs` knows the sources of the very object that `resolveSettings` or `withSourcesOf` returned. For any other
 * copy, such as `{ ...settings }`, it names the flag, whatever the source was.
 */
import { usageError } from '../cli-error.ts';
import {
  environmentName,
  flagName,
  type AnyFlagTable,
  type Flag,
  type FlagTable,
  type SourceName,
} from './flag.ts';

/** Sources of settings in order of precedence: command line, environment, config file. */
export interface SettingSources {
  /** Occurrences of each flag on the command line, by key. */
  readonly commandLine: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values of the config file by key, already validated against its schema. */
  readonly configFile: Readonly<Record<string, unknown>>;
  /** Name of the config file in errors. */
  readonly configFileName: string;
}

function set(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

/** A value and the rank of its source: 0 is the command line. */
interface Ranked {
  readonly rank: number;
  readonly source: SourceName;
  readonly value: unknown;
}

const SOURCES = new WeakMap<object, ReadonlyMap<string, SourceName>>();

/** Source of a setting, for errors found after parsing: `--users`, `USERS (environment)`, `x.json: users`. */
export function writtenAs<Settings extends object>(
  settings: Settings,
  key: keyof Settings & string,
): SourceName {
  return SOURCES.get(settings)?.get(key) ?? `--${flagName(key)}`;
}

/** Whether a setting comes from the command line, by what `writtenAs` knows: true also for one that is absent, or of another copy. */
export function isTyped<Settings extends object>(settings: Settings, key: keyof Settings & string): boolean {
  return writtenAs(settings, key) === `--${flagName(key)}`;
}

/** A copy of settings, changed or with fewer keys, that knows the source of each value that is still the same. */
export function withSourcesOf<Copy extends object>(settings: object, copy: Copy): Copy {
  const [from, to] = [settings, copy] as Record<string, unknown>[];
  const same = [...(SOURCES.get(settings) ?? [])].filter(([key]) => from![key] === to![key]);
  SOURCES.set(copy, new Map(same));
  return copy;
}

/** Two flags that exclude each other, unless the third one is given. */
export type Conflict<Settings> = readonly [
  keyof Settings & string,
  keyof Settings & string,
  unless?: keyof Settings & string,
];

/** The values of one flag from all sources that set it, highest precedence first. */
function valuesOf(key: string, flag: Flag<unknown>, sources: SettingSources): Ranked[] {
  const values: Ranked[] = [];
  const add = (rank: number, source: SourceName, read: (source: SourceName) => unknown): void => {
    const value = read(source);
    if (value !== undefined) values.push({ rank, source, value });
  };
  const typed = sources.commandLine[key];
  if (typed !== undefined && typed.length > 0)
    add(0, `--${flagName(key)}`, (source) => flag.kind.fromText(typed, source));
  const own = flag.inEnvironment === false ? undefined : sources.environment[environmentName(key)];
  if (set(own))
    add(1, `${environmentName(key)} (environment)`, (source) => fromEnvironment(flag, own, source));
  const legacy =
    flag.legacyEnvironment === undefined ? undefined : sources.environment[flag.legacyEnvironment];
  if (set(legacy))
    add(2, `${flag.legacyEnvironment} (environment)`, (source) =>
      flag.fromLegacy ? flag.fromLegacy(legacy, source) : fromEnvironment(flag, legacy, source),
    );
  const written = sources.configFile[key];
  if (written !== undefined && flag.inConfig !== false)
    add(3, `${sources.configFileName}: ${key}`, (source) => flag.kind.fromConfig(written, source));
  return values;
}

/** The occurrences of a flag in a variable: those of a repeatable flag are separated by line breaks. */
export function occurrencesIn(flag: Flag<unknown>, text: string): readonly string[] {
  const lines = flag.kind.repeatable ? text.split('\n').filter((line) => line.trim() !== '') : [];
  return lines.length > 0 ? lines : [text];
}

function fromEnvironment(flag: Flag<unknown>, text: string, source: SourceName): unknown {
  return flag.kind.fromText(occurrencesIn(flag, text), source);
}

/**
 * Of two conflicting flags, the one from the higher source wins; from the same source, they are an error. One that has lost
 * excludes no other.
 */
function settleConflicts(
  found: Map<string, Ranked>,
  conflicts: readonly (readonly [string, string, unless?: string])[],
): void {
  const highest = (a: string, b: string): number =>
    Math.min(found.get(a)?.rank ?? Infinity, found.get(b)?.rank ?? Infinity);
  const byRank = conflicts
    .map((pair) => ({ pair, rank: highest(pair[0], pair[1]) }))
    .toSorted((one, other) => (one.rank === other.rank ? 0 : one.rank - other.rank));
  for (const { pair } of byRank) {
    const [a, b, unless] = pair;
    if (unless !== undefined && found.has(unless)) continue;
    const [first, second] = [found.get(a), found.get(b)];
    if (first === undefined || second === undefined) continue;
    if (first.rank === second.rank)
      throw usageError(
        'flag-conflict',
        `${first.source} and ${second.source} contradict each other`,
        'one of them',
      );
    found.delete(first.rank > second.rank ? a : b);
  }
}

/**
 * Reads every flag of a table. Precedence: command line, `JARVIS_LOAD_<FLAG>`, the old suite's variable, config file.
 * `name=value` flags are merged by name; any other flag has the value of the highest source. Lower ones are parsed all the same: a
 * mistake in them is an error.
 *
 * @throws CliError naming the source and what was expected, and the value unless it may be a secret (`flag-kinds.ts`)
 */
export function resolveSettings<Settings extends object>(
  table: FlagTable<Settings>,
  sources: SettingSources,
  conflicts: readonly Conflict<Settings>[] = [],
): Settings {
  const found = new Map<string, Ranked>();
  for (const [key, flag] of Object.entries(table as AnyFlagTable)) {
    const values = valuesOf(key, flag, sources);
    const [highest] = values;
    if (highest === undefined) continue;
    const { merge } = flag.kind;
    const value =
      merge === undefined
        ? highest.value
        : values.map((one) => one.value).reduceRight((lower, higher) => merge(lower, higher));
    // A switch that is off is the same as an absent one, so it cannot conflict.
    if (value !== false) found.set(key, { ...highest, value });
  }
  settleConflicts(found, conflicts);
  const settings = Object.fromEntries([...found].map(([key, { value }]) => [key, value])) as Settings;
  SOURCES.set(settings, new Map([...found].map(([key, { source }]) => [key, source])));
  return settings;
}
