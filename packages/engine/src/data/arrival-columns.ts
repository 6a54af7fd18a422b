/**
 * What the engine reads from a row of a file of arrivals; other columns are left to scenario code. `time` is seconds or
 * date-times, `timeMs` milliseconds: a file has one of them.
 */
export type ArrivalColumn =
  'time' | 'timeMs' | 'scenario' | 'operation' | 'promptTokens' | 'answerTokens' | 'bytes';

/** Names of a column, in lower case without other signs than letters and digits; those of published traces too. */
const NAMES: Readonly<Record<ArrivalColumn, readonly string[]>> = {
  time: ['time', 'timestamp', 'seconds'],
  timeMs: ['timems', 'timestampms', 'ms'],
  scenario: ['scenario'],
  operation: ['operation'],
  promptTokens: ['prompttokens', 'inputtokens', 'inputlength', 'contexttokens', 'requesttokens'],
  answerTokens: [
    'answertokens',
    'outputtokens',
    'outputlength',
    'completiontokens',
    'generatedtokens',
    'responsetokens',
  ],
  bytes: ['bytes', 'size'],
};

const COLUMNS = new Map(
  (Object.entries(NAMES) as [ArrivalColumn, readonly string[]][]).flatMap(([column, names]) =>
    names.map((name) => [name, column] as const),
  ),
);

/** The name that each column has in a file, by its names; or why they do not fit. */
export type FoundColumns =
  { readonly names: Partial<Record<ArrivalColumn, string>> } | { readonly problem: string };

/** Finds the columns of a file of arrivals by their names. */
export function findColumns(given: Iterable<string>): FoundColumns {
  const names: Partial<Record<ArrivalColumn, string>> = {};
  for (const name of given) {
    const column = COLUMNS.get(name.toLowerCase().replace(/[^a-z0-9]/g, ''));
    if (column === undefined) continue;
    const other = names[column];
    if (other !== undefined) return { problem: `both ${other} and ${name} are its ${column}` };
    names[column] = name;
  }
  if (names.time !== undefined && names.timeMs !== undefined)
    return { problem: `both ${names.time} and ${names.timeMs} are its time` };
  if (names.time !== undefined || names.timeMs !== undefined) return { names };
  return { problem: 'there is no time' };
}
