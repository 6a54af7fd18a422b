import type { RunInfo, RunResult } from '@jarvis-load/engine';
import type { ExporterEvent, Second } from '../exporter.ts';
import type { ExporterContext } from '../output-context.ts';

/** What the thread of an output is started with. */
export interface WorkerStart {
  /** URLs as text, because a `URL` cannot be cloned. */
  readonly spec: string;
  readonly context: Omit<ExporterContext, 'tell'>;
}

/** To the thread. */
export type ToWorker =
  | { readonly kind: 'start'; readonly run: RunInfo }
  | { readonly kind: 'event'; readonly event: ExporterEvent }
  | { readonly kind: 'second'; readonly second: Second }
  | { readonly kind: 'hurry' }
  | { readonly kind: 'stop'; readonly result: RunResult | undefined };

/** From the thread. */
export type FromWorker =
  | { readonly kind: 'tell'; readonly level: 'info' | 'warning'; readonly text: string }
  | { readonly kind: 'started' | 'stopped'; readonly problem: string | undefined; readonly serves?: boolean };
