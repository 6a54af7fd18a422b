/** A process whose waiting for a processor is attributed to the machine, such as a mock on the same machine. */
export interface WatchedProcess {
  /** As the document names it. */
  readonly name: string;
  readonly pid: number;
}
