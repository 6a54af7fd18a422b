/** A process whose waiting for a processor counts as a limit of this machine, such as a mock on the same machine. */
export interface WatchedProcess {
  /** Name in the result document. */
  readonly name: string;
  readonly pid: number;
}
