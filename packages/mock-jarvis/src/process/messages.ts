import type { MockConfigSources } from '../config/resolve.ts';
import type { MockConfig } from '../config/schema.ts';
import type { CountersSnapshot } from '../counters/counters.ts';
import type { MockErrorCode } from '../mock-error.ts';

/** Options of a mock in its own process; sent over the IPC channel as JSON. */
export interface ChildOptions extends MockConfigSources {
  readonly port?: number;
  readonly host?: string;
}

/** Requests from the parent; each has an id and gets one `reply` or `failed`. */
export type Question =
  | { readonly kind: 'start'; readonly options: ChildOptions }
  | { readonly kind: 'counters' }
  | { readonly kind: 'configure'; readonly sources: MockConfigSources }
  | { readonly kind: 'freeze'; readonly durationMs: number }
  | { readonly kind: 'reset' };

/** Reply to `start`. */
export interface Started {
  readonly url: string;
  readonly port: number;
  readonly config: MockConfig;
}

/** The answer to each question. */
export interface Replies {
  readonly start: Started;
  readonly counters: CountersSnapshot;
  readonly configure: MockConfig;
  readonly freeze: null;
  readonly reset: null;
}

/** Message from parent to child. */
export interface ToChild {
  readonly id: number;
  readonly question: Question;
}

/** Message from child to parent; `signal` is sent without a question. */
export type FromChild =
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }
  | { readonly kind: 'reply'; readonly id: number; readonly value: Replies[Question['kind']] }
  | { readonly kind: 'failed'; readonly id: number; readonly code: MockErrorCode; readonly message: string };
