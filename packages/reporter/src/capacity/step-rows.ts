import {
  formatLevel,
  type CapacityReport,
  type CapacityStep,
  type StreamFigures,
} from '@jarvis-load/capacity';
import { formatNumber, formatShare, NO_VALUE } from '@jarvis-load/engine/result';

const STATUS_WORDS = { pass: 'pass', fail: 'fail', busy: 'machine busy', refused: 'not allowed' } as const;

/** A step as texts, unescaped, for every view. */
export interface StepRow {
  readonly step: string;
  readonly level: string;
  readonly purpose: string;
  readonly status: string;
  readonly good: string;
  readonly errors: string;
  readonly p50: string;
  readonly p99: string;
  readonly inFlight: string;
  /** `ttft`, `tokens` and `goodput` are of streams; no value without any. */
  readonly ttft: string;
  readonly tokens: string;
  readonly goodput: string;
  readonly why: string;
}

/** The row of one run; a repetition has a row of its own. */
export function stepRow(step: CapacityStep, unit: CapacityReport['unit']): StepRow {
  const { figures, attempt, purpose, durationMs } = step;
  const [reason] = step.reasons;
  return {
    step: attempt === 1 ? String(step.step) : `${step.step}, again`,
    level: formatLevel(step.level, unit),
    purpose: `${purpose} ${Number((durationMs / 1000).toFixed(1))} s`,
    status: STATUS_WORDS[step.status],
    good: figures === null ? NO_VALUE : formatNumber(figures.goodPerSecond),
    errors: figures === null ? NO_VALUE : formatShare(figures.failureShare),
    p50: figures === null ? NO_VALUE : formatNumber(figures.p50Ms),
    p99: figures === null ? NO_VALUE : formatNumber(figures.p99Ms),
    inFlight: figures === null ? NO_VALUE : formatNumber(figures.inFlight),
    ...streamTexts(figures?.streams),
    why: [
      reason ?? tightest(step),
      unproven(step),
      ...(step.recovered ? [] : ['the target did not recover afterwards']),
    ]
      .filter((text) => text !== '')
      .join('; '),
  };
}

/** Whether a run of the report had streamed responses. */
export function hasStreams({ rounds }: CapacityReport): boolean {
  return rounds.some(({ steps }) => steps.some(({ figures }) => figures?.streams !== undefined));
}

function streamTexts(streams: StreamFigures | undefined): Pick<StepRow, 'ttft' | 'tokens' | 'goodput'> {
  if (streams === undefined) return { ttft: NO_VALUE, tokens: NO_VALUE, goodput: NO_VALUE };
  return {
    ttft: formatNumber(streams.ttftP95Ms),
    tokens: formatNumber(streams.tokensPerSecond),
    goodput: formatShare(streams.goodput),
  };
}

function unproven({ unproven: names, status }: CapacityStep): string {
  return status !== 'pass' || names.length === 0
    ? ''
    : `too few samples to judge ${names.length === 1 ? names[0] : `${names.length} promises`}`;
}

function tightest({ tightest: promise }: CapacityStep): string {
  return promise === undefined ? '' : `${promise.name} ${promise.measured} of ${promise.limit}`;
}
