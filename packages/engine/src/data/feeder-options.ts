import type { FeederOptions } from '../model/feeder.ts';
import { show } from '../show.ts';

/* What feeders of both engines take, in plain code. */

const NAMES: Readonly<Record<keyof FeederOptions, true>> = { name: true, order: true, atEnd: true };

/** Names of options: of all feeders, of CSV files, of rows with a schema. */
export const OPTIONS: readonly string[] = Object.keys(NAMES);
export const CSV_OPTIONS: readonly string[] = [...OPTIONS, 'columns', 'header', 'separator'];
export const SCHEMA_OPTIONS: readonly string[] = [...OPTIONS, 'schema'];

const CHOICES = {
  order: ['round-robin', 'unique', 'random', 'per-user'],
  atEnd: ['stop', 'repeat', 'fail'],
} as const;

/** What is wrong with the values of options; `undefined`: nothing. Continues "feeder x ..." */
export function wrongChoice(given: { readonly order: unknown; readonly atEnd: unknown }): string | undefined {
  for (const option of ['order', 'atEnd'] as const) {
    const known: readonly unknown[] = CHOICES[option];
    if (!known.includes(given[option]))
      return `has ${option} ${show(given[option])}; expected ${known.join(', ')}`;
  }
  return undefined;
}
