/**
 * Formats of `--format`, which explains each in its text (`load-flags.ts`); the result document is always written. `hdr`: the
 * name of `hlog` and `hgrm` together.
 */
export const FORMATS = [
  'html',
  'csv',
  'json',
  'junit',
  'markdown',
  'text',
  'k6-summary',
  'hlog',
  'hgrm',
  'hdr',
] as const;
/** One format of the results. */
export type Format = (typeof FORMATS)[number];

/** Whether a format is asked for by its name or, of the two of HdrHistogram, by that of both. */
export function asks(formats: readonly Format[] | undefined, format: Format): boolean {
  if (formats === undefined) return false;
  return formats.includes(format) || ((format === 'hlog' || format === 'hgrm') && formats.includes('hdr'));
}
