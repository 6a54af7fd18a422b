import type { TSchema } from '@jarvis-load/engine/typebox';

/** Source of a value, as named in errors: `--users`, `JARVIS_LOAD_USERS`, `jarvis-load.config.json: users`. */
export type SourceName = string;

/** How a flag parses its values; created by functions such as those of `flag-kinds.ts`. */
export interface FlagKind<T> {
  /** Placeholder in the help, such as `<n>`; undefined for a switch. */
  readonly placeholder: string | undefined;
  /** May be given more than once. */
  readonly repeatable: boolean;
  /** Parses text from the command line (all occurrences) or a variable (one element; of a repeatable flag one for each line). */
  readonly fromText: (texts: readonly string[], source: SourceName) => T;
  /** Schema of its value in the config file. */
  readonly schema: TSchema;
  /** Converts a value of the config file that matches `schema`. */
  readonly fromConfig: (value: unknown, source: SourceName) => T;
  /** The value as the config file takes it. @default the value itself */
  toConfig?(value: T): unknown;
  /**
   * Merges the value of a lower source into that of a higher one: key=value flags merge by key. Default: the higher one
   * overrides.
   */
  merge?(lower: T, higher: T): T;
}

/** One flag: all that command line, environment, config file and docs need. */
export interface Flag<T> {
  readonly kind: FlagKind<T>;
  readonly description: string;
  /** A valid example, such as `--users=20`. */
  readonly example: string;
  /** The default in words; the command applies it, because some defaults depend on the target. */
  readonly defaultText: string;
  /** Other spellings without their dashes: `run-time`; a single letter is a short flag, `t` for `-t`. */
  readonly aliases?: readonly string[];
  /** A variable of the old suite or of Locust, which comes after `JARVIS_LOAD_<FLAG>`. */
  readonly legacyEnvironment?: string;
  /** Parses the old variable if its syntax differs from the flag; `undefined` ignores it. */
  fromLegacy?(text: string, source: SourceName): T | undefined;
  /** The value must never be shown. */
  readonly secret?: boolean;
  /** False for flags of a single invocation and for secrets, because config files get committed. @default true */
  readonly inConfig?: boolean;
  /** False for a flag that another command has with another meaning, whose variable that is. @default true */
  readonly inEnvironment?: boolean;
  /** Why the result document does not have its value among its settings. @default it does */
  readonly notInDocument?: string;
}

/** A table of flags, typed from the settings they fill. */
export type FlagTable<Settings> = { readonly [Key in keyof Settings]-?: Flag<NonNullable<Settings[Key]>> };

/** Defines flags; a parser of another type than the flag's is a type error. */
export function flagTable<Values>(table: { readonly [Key in keyof Values]: Flag<Values[Key]> }): {
  readonly [Key in keyof Values]: Flag<Values[Key]>;
} {
  return table;
}

/** The settings that a table of flags fills; each may be absent. */
export type SettingsOf<Table> = {
  readonly [Key in keyof Table]?: Table[Key] extends Flag<infer Value> ? Value : never;
};

/** A table of flags without the types of their values. */
export type AnyFlagTable = Readonly<Record<string, Flag<unknown>>>;

type Kebab<Key extends string> = Key extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `-${Lowercase<First>}`}${Kebab<Rest>}`
  : '';

/** The flags of settings as they are typed, such as `--spawn-rate`: a name that is no flag is a type error. */
export type FlagText<Settings> = `--${Kebab<keyof Settings & string>}`;

/** Flag name of a key: `spawn-rate` for `spawnRate`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The environment name of a flag: `JARVIS_LOAD_SPAWN_RATE`. */
export function environmentName(key: string): string {
  return `JARVIS_LOAD_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
}

/** The names of all variables that a flag is read from. */
export function environmentNames(key: string, flag: Flag<unknown>): readonly string[] {
  const { inEnvironment = true, legacyEnvironment } = flag;
  return [
    ...(inEnvironment ? [environmentName(key)] : []),
    ...(legacyEnvironment === undefined ? [] : [legacyEnvironment]),
  ];
}
