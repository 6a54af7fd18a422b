/** String key-value pairs that label a metric sample or a run. */
export type Tags = Readonly<Record<string, string>>;
