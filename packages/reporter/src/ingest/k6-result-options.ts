import type { Objective } from '@jarvis-load/engine';
import type { Finding } from '@jarvis-load/engine/ingest';
import type { ResultNote, RunResult } from '@jarvis-load/engine/result';

/** Known facts about a run after its output was read. */
export interface K6ResultOptions {
  /** k6's summary: the JSON of `--summary-export` or of `handleSummary`, in either form; any other value counts as none. */
  readonly summary?: unknown;
  readonly objectives?: readonly Objective[];
  readonly runId?: string;
  readonly seed?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly target?: RunResult['target'];
  readonly config?: RunResult['config'];
  /** The machine that k6 ran on; null: not known. @default this machine */
  readonly environment?: RunResult['environment'];
  /** k6's exit code, if known. */
  readonly exitCode?: number;
  /** How the run ended, if k6's exit code says so. */
  readonly end?: RunResult['run']['end'];
  readonly notes?: readonly ResultNote[];
  /**
   * Restate k6's verdict: a run without a proven promise still passes if one that holds has at least 20 samples; not with `strict`.
   * @default false
   */
  readonly restated?: boolean;
  /** Unproven objectives and thresholds make the run not valid. @default false */
  readonly strict?: boolean;
  /** `thresholds` of the {@link K6ReadOptions} were all that the script has. @default false */
  readonly thresholdsKnown?: boolean;
  /** Further reasons for the verdict. */
  readonly findings?: readonly Finding[];
  /** Members of `extensions` beside `k6`. */
  readonly extensions?: RunResult['extensions'];
  /** Added to `extensions.k6` beside k6's own values: version, exit code, ... */
  readonly k6?: Readonly<Record<string, unknown>>;
}
