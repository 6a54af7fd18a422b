import type { ClassCounts } from '../protocol/master-message.ts';
import type { LogLevel } from '../stats/log-lines.ts';
import type { ReportedSecond } from '../stats/second.ts';

/** What the thread of the socket is started with. */
export interface ThreadStart {
  readonly host: string;
  readonly port: number;
  /** Threads that make the load: CPU use is shown per thread, as a Python worker has one. */
  readonly threads: number;
}

/** To the thread of the socket. */
export type ToThread =
  /** A run is prepared: be a worker that is ready. */
  | { readonly kind: 'join' }
  /** The last `spawn` has been carried out; these users are on. */
  | { readonly kind: 'users'; readonly counts: ClassCounts }
  | { readonly kind: 'second'; readonly second: ReportedSecond }
  /** The run has ended, or there was none. `problem`: it ended without being asked. */
  | { readonly kind: 'ended'; readonly problem: string | undefined }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string }
  /** Leave the master. The run is being stopped by the caller. */
  | { readonly kind: 'leave' };

/** From the thread of the socket. */
export type FromThread =
  | {
      readonly kind: 'spawn';
      readonly counts: ClassCounts;
      readonly host: string | undefined;
    }
  /** End the run; answer with `ended`. */
  | { readonly kind: 'stop'; readonly reason: string; readonly withinMs: number }
  /** Likewise, for good. */
  | { readonly kind: 'quit'; readonly reason: string; readonly withinMs: number }
  /** Likewise; then join again. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'say'; readonly level: LogLevel; readonly text: string }
  /** The last message has been sent. */
  | { readonly kind: 'closed' };
