import { answerText, formatLevel, type CapacityReport } from '@jarvis-load/capacity';
import { formatNumber, formatShare } from '@jarvis-load/engine/result';

/** The answers, one sentence per search; of a sweep, what was run. Sentences are unescaped, as those of `furtherSentences`. */
export function answerSentences({ rounds, unit, mode }: CapacityReport): string[] {
  if (mode === 'sweep') {
    const steps = rounds.flatMap((round) => round.steps);
    const passed = steps.filter(({ status }) => status === 'pass').length;
    return [`${steps.length} levels, ${passed} of them pass`];
  }
  return rounds.map(({ answer }) =>
    answer === null ? 'no answer: the search was ended early' : answerText(answer, unit),
  );
}

/** The interval, the fit and the notes. */
export function furtherSentences({ interval, usl, unit, notes }: CapacityReport): string[] {
  return [
    ...(interval === null
      ? []
      : [
          `${interval.searches} searches: ${formatLevel(interval.least, unit)} to ${formatLevel(interval.most, unit)}, mean ${formatLevel(interval.mean, unit)}, 95% interval of it ${formatLevel(interval.low, unit)} to ${formatLevel(interval.high, unit)} (Student's t)`,
        ]),
    ...(usl === null
      ? []
      : [
          `universal scalability law (explains ${formatShare(usl.r2)} of the variance): contention ${formatShare(usl.alpha)}, coherence ${usl.beta.toPrecision(2)}; ` +
            (usl.peak === null
              ? 'no peak within its range'
              : `most throughput, ${formatNumber(usl.peak.throughput)}/s, with ${formatNumber(usl.peak.concurrency)} in flight`),
        ]),
    ...notes,
  ];
}
