/** What outputs get from the command line. */
export interface OutputContext {
  /** Unique in the run. */
  readonly name: string;
  /** Relative paths start here. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A receiver that does not take the first points ends the run before its load. */
  readonly required: boolean;
  /** How often `prometheus-rw` and `otlp` send, and the window of what describes a window. */
  readonly intervalMs: number;
  /** Whether `prometheus-rw` sends the trends of k6 as native histograms too. */
  readonly nativeHistograms: boolean;
  /** Whether outputs for Prometheus also have the names of locust_exporter. */
  readonly locustNames: boolean;
  /** Prints a line for the user during the run. */
  readonly tell: (level: 'info' | 'warning', text: string) => void;
}
