import type { TSchema } from 'typebox';

/** What goes in and out of one operation. Absent `params`, `query`, `body`: the operation takes none. */
export interface OperationContract {
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The body of the 200 answer; absent where it is empty or text. */
  readonly answer?: TSchema;
  /** @default 'json' */
  readonly answerKind?: 'json' | 'text' | 'empty';
}
