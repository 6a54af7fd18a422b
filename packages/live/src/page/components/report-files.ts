/** What the files of a run are for, the first to look at first. Names are those of `reporter/src/views.ts`. */
const PURPOSES: Readonly<Record<string, string>> = {
  'report.html': 'the report, to read or send',
  'stats.csv': 'a row per operation',
  'history.csv': 'a row per second',
  'failures.csv': 'failed requests',
  'exceptions.csv': 'exceptions of scenario code',
  'streams.csv': 'streamed answers',
  'tags.csv': 'by tag',
  'result.json': 'everything, for report, compare and history',
};

const ORDER = Object.keys(PURPOSES);

/** In reading order; other files at the end. */
export function inReadingOrder(files: readonly string[]): string[] {
  const place = (file: string): number => (file in PURPOSES ? ORDER.indexOf(file) : ORDER.length);
  return files.toSorted((a, b) => place(a) - place(b));
}

/** What a file is for; undefined where its name says it. */
export function purposeOf(file: string): string | undefined {
  return PURPOSES[file];
}
