import type { Redactor } from '@jarvis-load/engine';
import type { LastPages } from './worker/last-pages.ts';

/**
 * What outputs get from the command line. Plain data except `tell`, `redactor`, `onHurry` and `pages`, which stay with `WorkerOutput`: it
 * clones the rest into the thread of the output.
 */
export interface OutputContext extends ExporterContext {
  /** Everything that an output is given passes it, in `WorkerOutput`. */
  readonly redactor: Pick<Redactor, 'delta' | 'head' | 'result' | 'text'>;
  /** Calls back once the process has to end within seconds; at once if that is so already. @returns ends that */
  readonly onHurry: (listener: () => void) => () => void;
  /** With `manyRuns`: of the process. */
  readonly pages?: LastPages;
}

/** The part of {@link OutputContext} that an exporter gets, in its thread. */
export interface ExporterContext {
  /** Unique in the run. */
  readonly name: string;
  /** Relative paths start here. */
  readonly cwd: string;
  /** Holds the credentials of receivers: `credentialsOf` alone reads it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The process makes several runs with the same outputs: each has files of its own, and none waits for the scrape of its end. */
  readonly manyRuns?: boolean;
  /** A receiver that does not take the first points ends the run before its load. */
  readonly required: boolean;
  /** How often `prometheus-rw` and `otlp` send and every output gets `judged`, and the window of what describes a window. */
  readonly intervalMs: number;
  /** Whether `prometheus-rw` sends the trends of k6 as native histograms too. */
  readonly nativeHistograms: boolean;
  /** Whether outputs for Prometheus also have the names of locust_exporter. */
  readonly locustNames: boolean;
  /**
   * Prints a line for the user during the run. Warnings are redacted by the command line, an `info` is not: no text of a
   * receiver.
   */
  readonly tell: (level: 'info' | 'warning', text: string) => void;
}
