// Apart from the schema, which loads a schema library: a run, and each of its threads, starts a sixth of a second sooner.

/** Version of the result document; raised when a reader of the old form would misread the new one. */
export const RESULT_SCHEMA_VERSION = 2;

/** Percentiles that every latency carries: Locust's columns. */
export const PERCENTILES = [50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99] as const;
