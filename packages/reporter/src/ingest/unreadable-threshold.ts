/** A threshold that this parser cannot read. */
export interface UnreadableThreshold {
  readonly metric: string;
  readonly expression: string;
  /** k6's verdict, if known. */
  readonly ok: boolean | undefined;
}
