import { formatLimit, type RunResult } from '@jarvis-load/engine/result';
import { formatElapsed } from '../format/time.ts';
import { decidingMisses, measureOf, WHOLE_RUN, type PromiseView } from '../view/promise.ts';
import { ALL } from '../view/threshold-scope.ts';
import { missedEpisode, type Episode } from './episode.ts';
import { listing, type Evidence, type Finding } from './finding.ts';
import { loadEvidence, loadPhrase } from './load-over-time.ts';
import { courseOf, familyOf, type Family, type PromiseCourse } from './promise-course.ts';

/** An operation that did not hold its promises, and when; of thresholds also a scenario, or all requests. */
export interface Departure {
  readonly subject: string;
  /** Null: all. */
  readonly operation: string | null;
  readonly missed: readonly Missed[];
  readonly episode: Episode;
  /** What was missed from about the same moment on, the earliest first. */
  readonly parts: readonly { readonly aspects: readonly string[]; readonly episode: Episode }[];
}

/** A promise that was not held. */
interface Missed {
  readonly promise: PromiseView;
  readonly family: Family | undefined;
  readonly course: PromiseCourse | undefined;
}

/** Intervals at the start of a run within which something holds "from the start". */
const START = 2;
/** Two beginnings at most this share of the run apart are one in the sentence. */
const TOGETHER_SHARE = 1 / 3;

/**
 * Operations that left their limits by misses that decide the verdict, the earliest first; of equal ones, those that are named before all requests. One is left out if the
 * series shows none of its missed promises (`courseOf`).
 */
export function departures(result: RunResult): Departure[] {
  const missed = decidingMisses(result).map((promise): Missed => ({
    promise,
    family: familyOf(result, promise),
    course: courseOf(result, promise),
  }));
  const subjects = [...new Set(missed.map(({ promise }) => promise.subject))];
  return subjects
    .flatMap((subject): Departure[] => {
      const own = missed.filter(({ promise }) => promise.subject === subject);
      const dated = own
        .flatMap((each) => {
          const episode = each.course && missedEpisode(result, each.course);
          return episode === undefined ? [] : [{ ...each, episode }];
        })
        .toSorted((a, b) => a.episode.from - b.episode.from);
      const [first] = dated;
      if (first === undefined) return [];
      const parts: { aspects: string[]; episode: Episode }[] = [];
      for (const family of ['latency', 'errors'] as const) {
        // The percentiles of one operation go together: the highest has fewest samples, and shows itself late.
        const together = dated.filter((each) => each.family === family);
        const [earliest] = together;
        if (earliest === undefined) continue;
        parts.push({
          aspects: [...new Set(together.map(({ promise }) => measureOf(promise)))],
          episode: earliest.episode,
        });
      }
      const [slow, failing] = parts;
      if (slow !== undefined && failing !== undefined) {
        const apart = Math.abs(slow.episode.from - failing.episode.from);
        const together = apart <= TOGETHER_SHARE * result.series.points.length;
        if (together)
          parts.splice(0, 2, { aspects: [...slow.aspects, ...failing.aspects], episode: first.episode });
        else parts.sort((a, b) => a.episode.from - b.episode.from);
      }
      const operation = first.course?.operation ?? ALL;
      return [
        {
          subject,
          operation: operation === ALL ? null : operation,
          missed: own,
          episode: first.episode,
          parts,
        },
      ];
    })
    .toSorted(
      (a, b) =>
        a.episode.from - b.episode.from || Number(a.subject === WHOLE_RUN) - Number(b.subject === WHOLE_RUN),
    );
}

/** `from the start on`, `from 1:12 on, at 62 users`, `from 0:10 to 0:20, at 8 users`. */
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
  const [first, ...later] = departures(result);
  if (first === undefined) return [];
  // All requests are late because single operations are.
  const others = later.filter(({ subject }) => subject !== WHOLE_RUN);
  const more = others.slice(0, MOST_NAMED).map(({ subject, episode }) => {
    const at = result.series.points[episode.from]?.atMs ?? 0;
    return `${subject} (${episode.from < START ? 'from the start' : `from ${formatElapsed(at)}`})`;
  });
  const rest = others.length - more.length;
  if (rest > 0) more.push(`${rest} more`);
  return [
    {
      code: 'left-limit',
      text: `${first.subject === WHOLE_RUN ? 'All requests' : first.subject} missed ${first.parts.map(({ aspects, episode }) => `${listing(aspects)} ${whenPhrase(result, episode)}`).join('; ')}: ${figuresOf(result, first)}.`,
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
function figuresOf(result: RunResult, { missed }: Departure): string {
  // Of those whose course is known, which is what the sentence dates.
  const known = missed.filter(({ course }) => course !== undefined);
  const slow = known.findLast(({ family }) => family === 'latency');
  const failing = known.find(({ family }) => family === 'errors');
  return [slow, failing]
    .flatMap((each) => {
      if (each === undefined) return [];
      const { kind, index, measured } = each.promise;
      const { limit, unit } =
        kind === 'threshold'
          ? result.thresholds[index]!
          : { ...result.objectives[index]!, unit: each.family === 'latency' ? 'ms' : 'share' };
      return [`${measureOf(each.promise)} ${measured} (limit ${formatLimit(limit, unit)})`];
    })
    .join(', ');
}

function evidenceOf(result: RunResult, { missed, episode }: Departure): Evidence[] {
  const at = result.series.points[episode.from]?.atMs ?? 0;
  return [
    ...missed.flatMap(({ promise: { kind, index } }): Evidence[] => {
      const base = `/${kind}s/${index}`;
      const { measured, limit } = result[`${kind}s`][index]!;
      const known = measured === null ? [] : [{ pointer: `${base}/measured`, value: measured }];
      return [...known, { pointer: `${base}/limit`, value: limit }];
    }),
    { pointer: `/series/points/${episode.from}/atMs`, value: at },
    ...(episode.from < START ? [] : loadEvidence(result, episode.from)),
  ];
}
