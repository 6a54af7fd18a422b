import { usageError } from '../cli-error.ts';
import {
  environmentName,
  flagName,
  type AnyFlagTable,
  type Flag,
  type FlagTable,
  type SourceName,
} from './flag.ts';

/** Where settings come from, highest first: the command line, the environment, the config file. */
export interface SettingSources {
  /** Occurrences of each flag on the command line, by key. */
  readonly commandLine: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values of the config file by key, already checked against its schema. */
  readonly configFile: Readonly<Record<string, unknown>>;
  /** How errors name the config file. */
  readonly configFileName: string;
}

function set(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

/** A value and how high its source ranks: 0 is the command line. */
interface Ranked {
  readonly rank: number;
  readonly source: SourceName;
  readonly value: unknown;
}

const SOURCES = new WeakMap<object, ReadonlyMap<string, SourceName>>();

/** How a person wrote a setting, for errors that are found later: `--users`, `USERS (environment)`, `x.json: users`. */
export function writtenAs<Settings extends object>(
  settings: Settings,
  key: keyof Settings & string,
): SourceName {
  return SOURCES.get(settings)?.get(key) ?? `--${flagName(key)}`;
}

/** Two flags that contradict each other. */
export type Conflict<Settings> = readonly [keyof Settings & string, keyof Settings & string];

/** The value of one flag in each source that has one, highest first. */
function valuesOf(key: string, flag: Flag<unknown>, sources: SettingSources): Ranked[] {
  const values: Ranked[] = [];
  const add = (rank: number, source: SourceName, read: (source: SourceName) => unknown): void => {
    const value = read(source);
    if (value !== undefined) values.push({ rank, source, value });
  };
  const typed = sources.commandLine[key];
  if (typed !== undefined && typed.length > 0)
    add(0, `--${flagName(key)}`, (source) => flag.kind.fromText(typed, source));
  const own = sources.environment[environmentName(key)];
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

/** A variable holds several occurrences of a repeatable flag on a line each. */
function fromEnvironment(flag: Flag<unknown>, text: string, source: SourceName): unknown {
  const lines = flag.kind.repeatable ? text.split('\n').filter((line) => line.trim() !== '') : [];
  return flag.kind.fromText(lines.length > 0 ? lines : [text], source);
}

/** Of two flags that contradict each other the one of the higher source wins; of one and the same, neither. */
function settleConflicts(
  found: Map<string, Ranked>,
  conflicts: readonly (readonly [string, string])[],
): void {
  const all = new Map(found);
  for (const [a, b] of conflicts) {
    const [first, second] = [all.get(a), all.get(b)];
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
 * Reads every flag of a table. Precedence: command line, `JARVIS_LOAD_<FLAG>`, the old suite's variable, the config
 * file. `name=value` flags merge by name; every other flag is taken whole from the highest source that has it.
 *
 * @throws CliError naming the source, the value and what was expected
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
    // off is no claim: it contradicts nothing
    if (value !== false) found.set(key, { ...highest, value });
  }
  settleConflicts(found, conflicts);
  const settings = Object.fromEntries([...found].map(([key, { value }]) => [key, value])) as Settings;
  SOURCES.set(settings, new Map([...found].map(([key, { source }]) => [key, source])));
  return settings;
}
