import { EngineError } from '../errors.ts';
import type { GoodStream, StreamSample } from '../model/stream.ts';
import { show } from '../show.ts';

/** What an objective compares, of one stream, in milliseconds; NaN: the stream does not have it, and fails the condition. */
type Term = (sample: StreamSample, intendedMs: number, sentMs: number) => number;

const CONDITION =
  /^(?<term>[a-z ]+?)(?:\s+p\(?(?<percent>\d+(?:\.\d+)?)\)?)?\s*(?<operator><=?)\s*(?<limit>\d+(?:\.\d+)?)\s*(?<unit>ms|s)?$/;
const EXPECTED =
  "conditions joined by and, each of ttft, ttft sent, ttfo, ttlt, tpot, longest gap or gap p99, with < or <= and milliseconds, such as 'ttft < 800 ms and gap p99 < 200 ms'";

const TERMS: Readonly<Record<string, Term>> = {
  ttft: ({ stamps, parts }, intendedMs) => (parts > 0 ? stamps[0]! - intendedMs : Number.NaN),
  'ttft sent': ({ stamps, parts }, _intendedMs, sentMs) => (parts > 0 ? stamps[0]! - sentMs : Number.NaN),
  ttfo: ({ firstOutputMs }, intendedMs) => firstOutputMs - intendedMs,
  ttlt: ({ stamps, parts }, intendedMs) => (parts > 0 ? stamps[parts - 1]! - intendedMs : Number.NaN),
  tpot: ({ stamps, parts, usageTokens, partTokens }) => {
    const tokens = Number.isNaN(usageTokens) ? partTokens : usageTokens;
    return parts > 1 && tokens > 1 ? (stamps[parts - 1]! - stamps[0]!) / (tokens - 1) : Number.NaN;
  },
  'longest gap': (sample) => gapAt(sample, 1),
};
/** Of these a stream that was left early has only a part. */
const OF_WHOLE_STREAMS: ReadonlySet<string> = new Set(['ttlt', 'tpot']);

/**
 * Reads the objectives of one stream, such as `ttft < 800 ms and gap p99 < 200 ms`.
 * @throws EngineError `invalid-scenario`
 */
export function parseGood(text: string, where: string): GoodStream {
  const conditions = text.split(/\s+and\s+/i).map((part) => {
    const { term, percent, operator, limit, unit } = CONDITION.exec(part.trim().toLowerCase())?.groups ?? {};
    const read = term === undefined ? undefined : termOf(term.replace(/\s+/g, ' '), percent);
    if (term === undefined || read === undefined) {
      throw new EngineError(
        'invalid-scenario',
        `${where} has good ${show(text)}, of which ${show(part)} is not a condition; expected ${EXPECTED}.`,
      );
    }
    return {
      read,
      limitMs: Number(limit) * (unit === 's' ? 1000 : 1),
      inclusive: operator === '<=',
      whole: OF_WHOLE_STREAMS.has(term),
    };
  });
  return (sample, intendedMs, sentMs, whole) =>
    conditions.every((condition) => {
      const ms = condition.read(sample, intendedMs, sentMs);
      if (condition.whole && !whole) return false;
      return condition.inclusive ? ms <= condition.limitMs : ms < condition.limitMs;
    });
}

function termOf(term: string, percent: string | undefined): Term | undefined {
  if (percent === undefined) return Object.hasOwn(TERMS, term) ? TERMS[term] : undefined;
  const share = Number(percent) / 100;
  if (term !== 'gap' || share > 1) return undefined;
  return (sample) => gapAt(sample, share);
}

/** The gap of that rank among those of one stream; 0 for a stream with one part, which has none. */
function gapAt({ stamps, parts }: StreamSample, share: number): number {
  if (parts === 0) return Number.NaN;
  const gaps = new Float64Array(parts - 1);
  for (let part = 1; part < parts; part++) gaps[part - 1] = stamps[part]! - stamps[part - 1]!;
  gaps.sort();
  return gaps[Math.max(0, Math.ceil(share * gaps.length) - 1)] ?? 0;
}
