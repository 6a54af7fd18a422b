/** What is known of the parts besides their files. */
export interface MergeOptions {
  /** Judges the parts that are there. */
  readonly allowMissing: boolean;
  /** The worst exit code of the runners of k6. */
  readonly exitCode?: number | undefined;
  /** For samples of k6 alone: parts of this engine have their own. */
  readonly strict: boolean;
}
