import type { ArrivalPattern } from '@jarvis-load/engine';
import type { SweepLevels } from './flag-kinds.ts';
import type { RampStage } from './stages.ts';
import type { ThresholdMap } from './thresholds.ts';

/** Formats of `--format`; the result document is always written. `hdr`: `.hlog` and `.hgrm`. */
export const FORMATS = ['html', 'csv', 'json', 'junit', 'markdown', 'text', 'hdr'] as const;
/** One format of the results. */
export type Format = (typeof FORMATS)[number];

/** Settings of target and credentials. */
export interface TargetSettings {
  readonly target?: string;
  readonly confirmTarget?: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
  readonly accounts?: string;
  readonly header?: Readonly<Record<string, string>>;
  /** Path of a file. */
  readonly ca?: string;
  readonly http2?: boolean;
  readonly cookies?: boolean;
  readonly requestTimeout?: number;
  readonly connectTimeout?: number;
  readonly set?: Readonly<Record<string, string>>;
  readonly probeWrites?: boolean;
  readonly config?: string;
  readonly debug?: boolean;
}

/** Settings of `load`; durations in milliseconds. */
export interface LoadSettings extends TargetSettings {
  readonly scenario?: readonly string[];
  readonly profile?: string;
  readonly users?: number;
  readonly spawnRate?: number;
  readonly duration?: number;
  readonly stages?: readonly RampStage[];
  readonly rate?: number;
  readonly maxVus?: number;
  readonly rateStages?: readonly RampStage[];
  readonly arrivals?: ArrivalPattern;
  readonly iterations?: number;
  readonly timeScale?: number;
  readonly threshold?: ThresholdMap;
  /** Name of a set, or `none`. */
  readonly objectives?: string;
  readonly reportDir?: string;
  readonly format?: readonly Format[];
  /** As written, checked. */
  readonly out?: readonly string[];
  readonly outRequired?: boolean;
  readonly outInterval?: number;
  readonly outPublic?: boolean;
  /** Path of a run, or of a folder of runs. */
  readonly baseline?: string;
  readonly failOnWorse?: boolean;
  readonly seed?: number;
  /** `index` from 0. */
  readonly part?: { readonly index: number; readonly of: number };
  /** Milliseconds since the epoch. */
  readonly startAt?: number;
  readonly title?: string;
  readonly tag?: Readonly<Record<string, string>>;
  readonly identity?: 'shared' | 'per-user';
  readonly connections?: 'per-user' | 'shared';
  readonly setupTimeout?: number;
  readonly threads?: number;
  readonly pacing?: 'efficient' | 'precise';
  readonly once?: boolean;
  readonly watch?: boolean;
  readonly maxDroppedShare?: number;
  readonly strict?: boolean;
  readonly sweep?: SweepLevels;
  readonly summary?: 'full' | 'short';
  readonly quiet?: boolean;
  readonly noLive?: boolean;
  readonly noJournal?: boolean;
  readonly ui?: 'view' | 'control';
  readonly uiPort?: number;
  readonly uiHost?: string;
}
