/** A stream that text goes to. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Where a command writes: data to stdout, everything else to stderr. */
export interface Console {
  readonly out: TextStream;
  readonly err: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether a stream gets colours: `NO_COLOR` beats `FORCE_COLOR`, which beats what the stream is. Nx sets `FORCE_COLOR`
 * even when it is piped, so nothing else may be decided by it.
 */
export function wantsColor(stream: TextStream, environment: Console['environment']): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Columns of a stream, where it has some or `COLUMNS` says so. */
export function widthOf(stream: TextStream, environment: Console['environment']): number | undefined {
  const columns = stream.columns ?? Number(environment['COLUMNS']);
  return Number.isInteger(columns) && columns >= 20 ? columns : undefined;
}
