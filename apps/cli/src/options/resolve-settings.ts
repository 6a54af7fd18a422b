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

/** The value of one flag in each source that has one, highest first. */
function valuesOf(key: string, flag: Flag<unknown>, sources: SettingSources): unknown[] {
  const values: unknown[] = [];
  const typed = sources.commandLine[key];
  if (typed !== undefined && typed.length > 0) values.push(flag.kind.fromText(typed, `--${flagName(key)}`));
  const own = sources.environment[environmentName(key)];
  if (set(own)) values.push(flag.kind.fromText([own], environmentSource(environmentName(key))));
  const legacyName = flag.legacyEnvironment;
  const legacy = legacyName === undefined ? undefined : sources.environment[legacyName];
  if (legacyName !== undefined && set(legacy)) {
    const source = environmentSource(legacyName);
    const value = flag.fromLegacy ? flag.fromLegacy(legacy, source) : flag.kind.fromText([legacy], source);
    if (value !== undefined) values.push(value);
  }
  const written = sources.configFile[key];
  if (written !== undefined && flag.inConfig !== false)
    values.push(flag.kind.fromConfig(written, `${sources.configFileName}: ${key}`));
  return values;
}

function environmentSource(name: string): SourceName {
  return `${name} (environment)`;
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
): Settings {
  const settings: Record<string, unknown> = {};
  for (const [key, flag] of Object.entries(table as AnyFlagTable)) {
    const values = valuesOf(key, flag, sources);
    if (values.length === 0) continue;
    const { merge } = flag.kind;
    settings[key] =
      merge === undefined ? values[0] : values.reduceRight((lower, higher) => merge(lower, higher));
  }
  return settings as Settings;
}
