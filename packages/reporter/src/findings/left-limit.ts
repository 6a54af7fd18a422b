import type { RunResult } from '@jarvis-load/engine/result';
import { formatElapsed } from '../format/time.ts';
import { isMissed, promisesOf, type PromiseView } from '../view/promise.ts';
import { missedEpisode, type Episode } from './episode.ts';
import { listing, type Evidence, type Finding } from './finding.ts';
import { loadEvidence, loadPhrase } from './load-over-time.ts';

/** An operation that did not hold its objectives, and when. */
export interface Departure {
  readonly operation: string;
  readonly missed: readonly PromiseView[];
  readonly episode: Episode;
  /** What was missed from about the same moment on, the earliest first. */
  readonly parts: readonly { readonly aspects: readonly string[]; readonly episode: Episode }[];
}

/** Intervals at the start of a run within which something holds "from the start". */
const START = 2;
/** Two beginnings at most this share of the run apart are one in the sentence. */
const TOGETHER_SHARE = 1 / 3;

/** Operations that left their limits, the earliest first. */
export function departures(result: RunResult): Departure[] {
  const missed = promisesOf(result).filter((promise) => promise.kind === 'objective' && isMissed(promise));
  const operations = [...new Set(missed.map(({ subject }) => subject))];
  return operations
    .flatMap((operation): Departure[] => {
      const own = missed.filter(({ subject }) => subject === operation);
      const dated = own
        .flatMap((promise) => {
          const episode = missedEpisode(result, promise);
          return episode === undefined ? [] : [{ promise, episode }];
        })
        .toSorted((a, b) => a.episode.from - b.episode.from);
      const [first] = dated;
      if (first === undefined) return [];
      const parts: { aspects: string[]; episode: Episode }[] = [];
      for (const isError of [false, true]) {
        // The percentiles of one operation go together: the highest has fewest samples, and shows itself late.
        const family = dated.filter(({ promise }) => (promise.aspect === 'errors') === isError);
        const [earliest] = family;
        if (earliest === undefined) continue;
        parts.push({ aspects: family.map(({ promise }) => promise.aspect), episode: earliest.episode });
      }
      const [slow, failing] = parts;
      if (slow !== undefined && failing !== undefined) {
        const apart = Math.abs(slow.episode.from - failing.episode.from);
        const together = apart <= TOGETHER_SHARE * result.series.points.length;
        if (together)
          parts.splice(0, 2, { aspects: [...slow.aspects, ...failing.aspects], episode: first.episode });
        else parts.sort((a, b) => a.episode.from - b.episode.from);
      }
      return [{ operation, missed: own, episode: first.episode, parts }];
    })
    .toSorted((a, b) => a.episode.from - b.episode.from);
}

/** `from the start`, `from 1:12 on, at 62 users`, `from 0:10 to 0:20, at 8 users`. */
function whenPhrase(result: RunResult, { from, to, open }: Episode): string {
  const { points } = result.series;
  const at = formatElapsed(points[from]?.atMs ?? 0);
  const last = points[to];
  const end = last === undefined ? '' : formatElapsed(last.atMs + last.durationMs);
  const load = loadPhrase(result, from);
  const since =
    from < START
      ? open
        ? 'from the start on'
        : `from the start to ${end}`
      : open
        ? `from ${at} on`
        : `from ${at} to ${end}`;
  return from < START || load === '' ? since : `${since}, ${load}`;
}

const MOST_NAMED = 3;

/** When operations left their limits, at which load, by how much: one sentence, two where several did. */
export function leftLimit(result: RunResult): Finding[] {
  const [first, ...others] = departures(result);
  if (first === undefined) return [];
  const more = others.slice(0, MOST_NAMED).map(({ operation, episode }) => {
    const at = result.series.points[episode.from]?.atMs ?? 0;
    return `${operation} (${episode.from < START ? 'from the start' : `from ${formatElapsed(at)}`})`;
  });
  const rest = others.length - more.length;
  if (rest > 0) more.push(`${rest} more`);
  return [
    {
      code: 'left-limit',
      text: `${first.operation} missed ${first.parts.map(({ aspects, episode }) => `${listing(aspects)} ${whenPhrase(result, episode)}`).join('; ')}: ${figuresOf(first)}.`,
      evidence: evidenceOf(result, first),
    },
    ...(others.length === 0
      ? []
      : [
          {
            code: 'left-limit' as const,
            text: `Also over their limits: ${listing(more)}.`,
            evidence: others.flatMap((each) => evidenceOf(result, each)),
          },
        ]),
  ];
}

/** `p99 was 1,782 ms (limit 500 ms), errors 14% (limit 1%)`. */
function figuresOf({ missed }: Departure): string {
  const slow = missed.findLast(({ aspect }) => aspect.startsWith('p'));
  const failing = missed.find(({ aspect }) => aspect === 'errors');
  return [slow, failing]
    .flatMap((promise) =>
      promise === undefined
        ? []
        : [`${promise.aspect} ${promise.measured} (limit ${promise.limit.replace(/^< ?/, '')})`],
    )
    .join(', ');
}

function evidenceOf(result: RunResult, { missed, episode }: Departure): Evidence[] {
  const at = result.series.points[episode.from]?.atMs ?? 0;
  return [
    ...missed.flatMap(({ index }): Evidence[] => {
      const { measured, limit } = result.objectives[index] ?? { measured: null, limit: 0 };
      const known = measured === null ? [] : [{ pointer: `/objectives/${index}/measured`, value: measured }];
      return [...known, { pointer: `/objectives/${index}/limit`, value: limit }];
    }),
    { pointer: `/series/points/${episode.from}/atMs`, value: at },
    ...(episode.from < START ? [] : loadEvidence(result, episode.from)),
  ];
}
