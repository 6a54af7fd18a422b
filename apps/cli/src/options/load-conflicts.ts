/**
 * Which flags of `load`, and of all commands that log in, exclude each other: of two sources the higher one (`resolve-settings.ts`)
 * wins, of the same source it is an error.
 *
 * Must hold: a new flag that says how much load goes into `LOAD_KEYS`, of which the other lists are made: those below, `ASKING` of
 * `run/load-shape.ts`, `PLANNING` of `session/steered-shape.ts` and `UNUSED` of `capacity/unused-load-note.ts`. A test fails for
 * a flag under "Load:" of the help that is in no list.
 */
import type { LoadSettings, TargetSettings } from './load-settings.ts';
import type { Conflict } from './resolve-settings.ts';

/** Keys that each say how much load there is: a run of another kind has its load from elsewhere. */
export const LOAD_KEYS = [
  'users',
  'spawnRate',
  'stages',
  'rate',
  'rateStages',
  'arrivalsFile',
  'iterations',
] as const satisfies readonly (keyof LoadSettings)[];

/** What says how much load, or needs a whole run: not for a single iteration. */
const ALONE = ['profile', ...LOAD_KEYS, 'duration', 'threads'] as const;

/** What `--sweep` excludes: its runs have one level each. */
const NOT_SWEPT = [
  'profile',
  ...LOAD_KEYS,
  'timeScale',
  'once',
  'watch',
  'part',
  'startAt',
  'baseline',
  'failOnWorse',
  'ui',
  'out',
] as const;

/** What plans a load without a file of arrivals. */
const NOT_REPLAYED = ['profile', ...LOAD_KEYS.filter((key) => key !== 'arrivalsFile'), 'arrivals'] as const;

/** Which flags about the target exclude each other, for every command that logs in: the first would win without a word. */
export const TARGET_CONFLICTS = [
  ['token', 'accounts'],
] as const satisfies readonly Conflict<TargetSettings>[];

/** Pairs of `load` flags that contradict each other; with a third flag the two are allowed where that is given, too. */
export const LOAD_CONFLICTS: readonly Conflict<LoadSettings>[] = [
  ...ALONE.map((other) => ['once', other] as const),
  ...ALONE.map((other) => ['watch', other] as const),
  // It repeats a single iteration.
  ['watch', 'part'],
  ['watch', 'startAt'],
  ...NOT_SWEPT.map((other) => ['sweep', other] as const),
  ...NOT_REPLAYED.map((other) => ['arrivalsFile', other] as const),
  ['part', 'once'],
  ['part', 'iterations'],
  ['part', 'noJournal'],
  ['once', 'startAt'],
  ['profile', 'stages'],
  ['profile', 'rate'],
  ['profile', 'rateStages'],
  ['profile', 'iterations'],
  ['profile', 'spawnRate'],
  ['stages', 'rate'],
  ['stages', 'rateStages'],
  ['stages', 'iterations'],
  ['stages', 'users'],
  ['stages', 'spawnRate'],
  ['stages', 'duration'],
  ['rate', 'rateStages'],
  ['rate', 'iterations'],
  ['rate', 'users'],
  ['rate', 'spawnRate'],
  ['rateStages', 'iterations'],
  ['rateStages', 'users'],
  ['rateStages', 'spawnRate'],
  ['rateStages', 'duration'],
  ['iterations', 'spawnRate'],
  // Times of a file are scaled, and a duration ends the replay.
  ['timeScale', 'duration', 'arrivalsFile'],
  ['timeScale', 'once'],
  ['timeScale', 'watch'],
  ['timeScale', 'iterations'],
  ...TARGET_CONFLICTS,
  ['quiet', 'once'],
  ['quiet', 'watch'],
];
