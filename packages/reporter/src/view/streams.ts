import { formatCount, formatNumber, formatShare } from '@jarvis-load/engine/result';
import type { OperationStats, RunResult } from '@jarvis-load/engine/result';

/** What a document says of the streamed responses of an operation. Sentences of this file are unescaped: they name operations. */
export type StreamStats = NonNullable<OperationStats['streams']>;

/** The operations with streamed responses. */
export function streamsOf(result: RunResult): readonly (readonly [OperationStats, StreamStats])[] {
  return result.operations.flatMap((stats) =>
    stats.streams === undefined || stats.streams.streams === 0 ? [] : [[stats, stats.streams] as const],
  );
}

/** Goodput in a sentence: what a good stream is, how many were, and how sure that is. */
export function goodputText([{ operation }, { goodput }]: readonly [OperationStats, StreamStats]): string[] {
  if (goodput === undefined) return [];
  const { objectives, good, planned, share, low, high, perSecond } = goodput;
  return [
    `${operation}: good is ${objectives.join(' and ')}: ${formatCount(good)} of ${formatCount(planned)} planned, ${formatShare(share)} (95% interval ${formatShare(low)} to ${formatShare(high)}), ${formatNumber(perSecond)}/s`,
  ];
}

/** Goodput in short, with its interval; nothing without objectives. */
export function goodputSummary({ goodput }: StreamStats): string[] {
  if (goodput === undefined) return [];
  const { share, low, high, perSecond } = goodput;
  return [
    `good ${formatShare(share)} (95% interval ${formatShare(low)} to ${formatShare(high)}), ${formatNumber(perSecond)}/s`,
  ];
}

/** Sentences below the table of streams. */
export function streamRemarks(result: RunResult): string[] {
  const rows = streamsOf(result);
  return [
    ...rows.flatMap(goodputText),
    ...rows.flatMap(leftText),
    ...rows.flatMap(waitingText),
    ...tokensRemark(result),
  ];
}

/** Tokens per second; a dash for responses without any, such as audio. */
export function tokenRate({ tokens, tokensPerSecond }: StreamStats): string {
  return tokens === 0 ? '–' : formatNumber(tokensPerSecond);
}

/** How many the user left: in no table of failures, and without a last token. */
function leftText([{ operation, outcomes }, { streams }]: readonly [OperationStats, StreamStats]): string[] {
  const left = outcomes.hung_up ?? 0;
  return left === 0
    ? []
    : [
        `${operation}: the user hung up on ${formatCount(left)} of ${formatCount(streams)} (hung_up): no failure, and not part of TTLT`,
      ];
}

/** How many had no first content for the time that they got: as lower bounds they are in no percentile. */
function waitingText([{ operation }, { streams, leftWaiting = 0 }]: readonly [
  OperationStats,
  StreamStats,
]): string[] {
  return leftWaiting === 0
    ? []
    : [
        `${operation}: ${formatCount(leftWaiting)} of ${formatCount(streams)} had no content when the user hung up or the run ended: TTFT is at least what is shown, where they could have raised it`,
      ];
}

/** Names the operations whose tokens were estimated; nothing without any. */
function tokensRemark(result: RunResult): string[] {
  const estimated = streamsOf(result).filter(
    ([, { tokens, tokensFrom }]) => tokens > 0 && tokensFrom !== 'usage',
  );
  return estimated.length === 0
    ? []
    : [
        `tokens of ${estimated.map(([{ operation }]) => operation).join(', ')} are estimated: a part with content counts as one, as the server did not count them`,
      ];
}
