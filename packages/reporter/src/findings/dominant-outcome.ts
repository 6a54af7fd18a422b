import { isFailure, OUTCOMES, type Outcome } from '@jarvis-load/engine/outcome';
import {
  formatCount,
  formatNumber,
  formatShare,
  trimZeros,
  type RunResult,
} from '@jarvis-load/engine/result';
import { formatElapsed } from '../format/time.ts';
import { promisesOf } from '../view/promise.ts';
import type { Finding } from './finding.ts';
import { familyOf } from './promise-course.ts';

/** A smaller share of failures is a finding only where a promise about errors was missed. */
const NOTABLE_SHARE = 0.01;
/** From this share of the failures on, the operation is named as their place. */
const DOMINATES = 0.9;

/** What one failed request was, and what several were. */
const WORDS: Readonly<Record<Exclude<Outcome, 'ok' | 'hung_up'>, readonly [one: string, several: string]>> = {
  rate_limited: ['rate limited (429)', 'rate limited (429)'],
  unauthorized: ['rejected as unauthorized', 'rejected as unauthorized'],
  client_error: ['a client error (4xx)', 'client errors (4xx)'],
  server_error: ['a server error (5xx)', 'server errors (5xx)'],
  timeout: ['a timeout', 'timeouts'],
  connection_error: ['a connection error', 'connection errors'],
  invalid_body: ['an answer with an invalid body', 'answers with an invalid body'],
  truncated: ['a stream that ended before its end', 'streams that ended before their end'],
  stalled: ['a stream that stalled', 'streams that stalled'],
  empty: ['a stream without content', 'streams without content'],
  failed_in_band: ['an answer that reports an error of its own', 'answers that report an error of their own'],
};

/** The most frequent outcome of the failures, at which operation, when; of a rate limit also how many requests had a good answer. */
export function dominantOutcome(result: RunResult): Finding[] {
  const { totals, series } = result;
  const missed = promisesOf(result).some(
    (promise) => promise.status === 'fail' && familyOf(result, promise) === 'errors',
  );
  if (totals.failed === 0 || ((totals.failureShare ?? 0) < NOTABLE_SHARE && !missed)) return [];
  // A summary of k6 has the number of failures alone: what they were is not known.
  if (result.generator.engine === 'k6' && result.errors.length === 0) return [];
  const outcome = OUTCOMES.filter(isFailure).toSorted(
    (a, b) => (totals.outcomes[b] ?? 0) - (totals.outcomes[a] ?? 0),
  )[0];
  if (outcome === undefined) return [];
  const count = totals.outcomes[outcome] ?? 0;
  const place = placeOf(result, outcome, count);
  const seen = series.points.flatMap(({ outcomes }, index) => ((outcomes[outcome] ?? 0) > 0 ? [index] : []));
  const [first, last] = [series.points[seen[0] ?? -1], series.points[seen.at(-1) ?? -1]];
  const when =
    first === undefined || last === undefined
      ? ''
      : `, from ${formatElapsed(first.atMs)} to ${formatElapsed(last.atMs + last.durationMs)}`;
  const share = count === totals.failed ? '' : ` (${formatShare(count / totals.failed)})`;
  const subject =
    totals.failed === 1
      ? 'The only failed request'
      : count === totals.failed
        ? `All ${formatCount(count)} failed requests`
        : `${formatCount(count)} of ${formatCount(totals.failed)} failed requests${share}`;
  const was = count === 1 ? `was ${WORDS[outcome][0]}` : `were ${WORDS[outcome][1]}`;
  return [
    {
      code: 'outcome',
      text: `${subject} ${was}${place.text}${when}${outcome === 'rate_limited' ? letThrough(result, seen) : ''}.`,
      evidence: [
        { pointer: `/totals/outcomes/${outcome}`, value: count },
        { pointer: '/totals/failed', value: totals.failed },
        ...place.evidence,
        ...(seen[0] === undefined
          ? []
          : [
              {
                pointer: `/series/points/${seen[0]}/outcomes/${outcome}`,
                value: series.points[seen[0]]?.outcomes[outcome] ?? 0,
              },
            ]),
      ],
    },
  ];
}

/** The operation where these failures were, if one had nearly all of them and others were asked too. */
function placeOf(result: RunResult, outcome: Outcome, count: number) {
  const none = { text: '', evidence: [] };
  if (new Set(result.operations.map(({ operation }) => operation)).size < 2) return none;
  const index = result.operations.findIndex((stats) => (stats.outcomes[outcome] ?? 0) >= count * DOMINATES);
  const found = result.operations[index];
  if (found === undefined) return none;
  const own = found.outcomes[outcome] ?? 0;
  return {
    text: own === count ? ` of ${found.operation}` : ` (${formatCount(own)} of them of ${found.operation})`,
    evidence: [{ pointer: `/operations/${index}/outcomes/${outcome}`, value: own }],
  };
}

function letThrough(result: RunResult, seen: readonly number[]): string {
  const points = result.series.points.slice(seen[0] ?? 0, (seen.at(-1) ?? 0) + 1);
  const seconds = points.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
  if (seconds < 3) return '';
  const perSecond = (count: number) => trimZeros(formatNumber(count / seconds));
  const good = points.reduce((sum, { outcomes }) => sum + outcomes.ok, 0);
  const asked = points.reduce((sum, { requests }) => sum + requests, 0);
  return `; ${perSecond(good)} of ${perSecond(asked)} requests/s got a good answer in that time`;
}
