/** What is known of the parts besides their files. */
export interface MergeOptions {
  /** Judges the parts that are there. */
  readonly allowMissing: boolean;
  /** The worst exit code of the runners of k6. */
  readonly exitCode?: number | undefined;
  /** For samples of k6 alone: parts of this engine have their own. */
  readonly strict: boolean;
  /** `--strict` stands on the command line: an error for parts of this engine. A variable may be meant for other commands. */
  readonly strictTyped?: boolean;
}
