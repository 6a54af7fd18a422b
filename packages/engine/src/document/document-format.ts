// Separate from the schema, which loads a schema library: a run, and each of its threads, starts 0.16 s faster without
// it.

/**
 * Version of the result document; increased, with a step in `upgrade.ts`, when a reader of the old version would misread the new
 * one.
 */
export const RESULT_SCHEMA_VERSION = 2;

/** Percentiles that every latency carries: Locust's columns. */
export const PERCENTILES = [50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99] as const;

/** Rows of the latencies over time from a value to its tenfold; `series-schema.ts` describes them, with this number. */
export const LATENCY_ROWS_PER_DECADE = 8;
