/** An output stream for text. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  /** Of a terminal: its size has changed. */
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** Output of a command: data to stdout, everything else to stderr. */
export interface Console {
  readonly out: TextStream;
  readonly err: TextStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Whether to use colours on a stream: `NO_COLOR` overrides `FORCE_COLOR`, which overrides the type of the stream. Nx
 * sets `FORCE_COLOR` even when its output is piped, so the variable must not decide anything else.
 */
export function wantsColor(stream: TextStream, environment: Console['environment']): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** Columns of a stream, from the stream or from `COLUMNS`; undefined where neither says so, and below 20. */
export function widthOf(stream: TextStream, environment: Console['environment']): number | undefined {
  const columns = stream.columns ?? Number(environment['COLUMNS']);
  return Number.isInteger(columns) && columns >= 20 ? columns : undefined;
}
