/** Formats of `--format`; the result document is always written. `hdr`: `.hlog` and `.hgrm`. */
export const FORMATS = ['html', 'csv', 'json', 'junit', 'markdown', 'text', 'hdr'] as const;
/** One format of the results. */
export type Format = (typeof FORMATS)[number];
