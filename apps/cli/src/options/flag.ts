import type { TSchema } from 'typebox';

/** Where a value came from, as errors name it: `--users`, `JARVIS_LOAD_USERS`, `jarvis-load.config.json: users`. */
export type SourceName = string;

/** How a flag reads its values; made by the functions of `flag-kinds.ts`. */
export interface FlagKind<T> {
  /** Placeholder in the help, such as `<n>`; nothing for a switch. */
  readonly placeholder: string | undefined;
  /** May be given several times. */
  readonly repeatable: boolean;
  /** Reads text of the command line (all its occurrences) or of the environment (one element). */
  readonly fromText: (texts: readonly string[], source: SourceName) => T;
  /** What the config file may hold. */
  readonly schema: TSchema;
  /** Reads a value of the config file that fits `schema`. */
  readonly fromConfig: (value: unknown, source: SourceName) => T;
  /** Joins a lower source's value into a higher one's: key=value flags merge by key. Default: the higher one wins. */
  merge?(lower: T, higher: T): T;
}

/** One flag: what the command line, the environment, the config file and the docs know of it. */
export interface Flag<T> {
  readonly kind: FlagKind<T>;
  readonly description: string;
  /** Arguments that work, such as `--users=20`. */
  readonly example: string;
  /** The default in words; the command applies it, because some depend on the target. */
  readonly defaultText: string;
  /** Another spelling, such as `run-time`. */
  readonly alias?: string;
  /** Name of the variable that the old suite used. */
  readonly legacyEnvironment?: string;
  /** Reads the legacy variable, where it differs from the flag; `undefined` ignores it. */
  fromLegacy?(text: string, source: SourceName): T | undefined;
  /** Its value is never shown. */
  readonly secret?: boolean;
  /** False where it belongs to the invocation, or is a secret: config files get committed. @default true */
  readonly inConfig?: boolean;
}

/** A table of flags, typed from the settings they fill: a key without a flag is a type error. */
export type FlagTable<Settings> = { readonly [Key in keyof Settings]-?: Flag<NonNullable<Settings[Key]>> };

/** A table of flags, the types of their values aside. */
export type AnyFlagTable = Readonly<Record<string, Flag<unknown>>>;

/** `spawnRate` as people type it: `spawn-rate`. */
export function flagName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The environment name of a flag: `JARVIS_LOAD_SPAWN_RATE`. */
export function environmentName(key: string): string {
  return `JARVIS_LOAD_${flagName(key).replaceAll('-', '_').toUpperCase()}`;
}
