import type { TSchema } from '@jarvis-load/engine/typebox';

/** Input and output schemas of one operation. Without `params`, `query` or `body` the operation takes none. */
export interface OperationContract {
  readonly summary: string;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The body of the 200 answer; absent if it is empty or text. */
  readonly answer?: TSchema;
  /** @default 'json' */
  readonly answerKind?: 'json' | 'text' | 'empty';
}
