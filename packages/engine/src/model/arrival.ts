/** The row of a file of arrivals that started an iteration. */
export interface Arrival {
  /** 0-based number of the row in the file, without the header and blank lines. */
  readonly row: number;
  /** Name of the scenario that the row asks for. */
  readonly scenario?: string;
  /** Name of the operation that the row asks for. */
  readonly operation?: string;
  /** Length of the prompt, in tokens. */
  readonly promptTokens?: number;
  /** Length of the answer, in tokens. */
  readonly answerTokens?: number;
  /** Size of what is sent, in bytes. */
  readonly bytes?: number;
  /** Every field under the name that the file gives it: texts of CSV, values of NDJSON. */
  readonly fields: Readonly<Record<string, unknown>>;
}
