import type { LoadSettings } from './load-settings.ts';
import type { Conflict } from './resolve-settings.ts';

/** What says how much load, or needs a whole run: not for a single iteration. */
const ALONE = [
  'profile',
  'stages',
  'rate',
  'rateStages',
  'arrivalsFile',
  'iterations',
  'users',
  'spawnRate',
  'duration',
  'threads',
] as const;

/** What a run of one level has no place for. */
const NOT_SWEPT = [
  'profile',
  'users',
  'spawnRate',
  'stages',
  'rate',
  'rateStages',
  'arrivalsFile',
  'iterations',
  'timeScale',
  'once',
  'watch',
  'part',
  'startAt',
  'baseline',
  'ui',
  'out',
] as const;

/** What plans a load without a file of arrivals. */
const NOT_REPLAYED = [
  'profile',
  'users',
  'spawnRate',
  'stages',
  'rate',
  'rateStages',
  'iterations',
  'arrivals',
] as const;

/** Pairs of `load` flags that each define the load in a different way. */
export const LOAD_CONFLICTS: readonly Conflict<LoadSettings>[] = [
  ...ALONE.map((other) => ['once', other] as const),
  ...ALONE.map((other) => ['watch', other] as const),
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
  ['token', 'accounts'],
  ['quiet', 'once'],
  ['quiet', 'watch'],
];
