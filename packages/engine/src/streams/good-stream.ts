import { EngineError } from '../errors.ts';
import type { GoodStream, StreamSample } from '../model/stream.ts';
import { show } from '../show.ts';

/**
 * What an objective compares, of one stream, in milliseconds; NaN: the stream does not have it.
 * @param untilMs of one that was interrupted: when, and the value is the least that it would have become; else NaN
 */
type Term = (sample: StreamSample, intendedMs: number, sentMs: number, untilMs: number) => number;

const CONDITION =
  /^(?<term>[a-z ]+?)(?:\s+p\(?(?<percent>\d+(?:\.\d+)?)\)?)?\s*(?<operator><=?)\s*(?<limit>\d+(?:\.\d+)?)\s*(?<unit>ms|s)?$/;
const EXPECTED =
  "conditions joined by and, each of ttft, ttft sent, ttfo, ttlt, tpot, longest gap or gap p99, with < or <= and milliseconds, such as 'ttft < 800 ms and gap p99 < 200 ms'";

const TERMS: Readonly<Record<string, Term>> = {
  ttft: ({ stamps, parts }, intendedMs, _sentMs, untilMs) => (parts > 0 ? stamps[0]! : untilMs) - intendedMs,
  'ttft sent': ({ stamps, parts }, _intendedMs, sentMs, untilMs) =>
    (parts > 0 ? stamps[0]! : untilMs) - sentMs,
  ttfo: ({ firstOutputMs }, intendedMs, _sentMs, untilMs) =>
    (Number.isNaN(firstOutputMs) ? untilMs : firstOutputMs) - intendedMs,
  ttlt: ({ stamps, parts }, intendedMs, _sentMs, untilMs) =>
    (Number.isNaN(untilMs) && parts > 0 ? stamps[parts - 1]! : untilMs) - intendedMs,
  tpot: ({ stamps, parts, usageTokens, partTokens }, _intendedMs, _sentMs, untilMs) => {
    // Later tokens can still lower a mean.
    if (!Number.isNaN(untilMs)) return Number.NaN;
    const tokens = Number.isNaN(usageTokens) ? partTokens : usageTokens;
    return parts > 1 && tokens > 1 ? (stamps[parts - 1]! - stamps[0]!) / (tokens - 1) : Number.NaN;
  },
  'longest gap': (sample, _intendedMs, _sentMs, untilMs) => gapAt(sample, 1, untilMs),
};
/** Of these a stream that was left early has only a part. */
const OF_WHOLE_STREAMS: ReadonlySet<string> = new Set(['ttlt', 'tpot']);

/**
 * Reads the objectives of one stream, such as `ttft < 800 ms and gap p99 < 200 ms`. A stream that was not interrupted and does not
 * have a value, such as `tpot` with one token, is not good; nor is one that its user left, with an objective on `ttlt` or `tpot`.
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
  return (sample, intendedMs, sentMs, end) => {
    const untilMs = end === 'interrupted' ? sample.endMs : Number.NaN;
    return conditions.every((condition) => {
      const ms = condition.read(sample, intendedMs, sentMs, untilMs);
      if (end === 'interrupted' && Number.isNaN(ms)) return true;
      if (condition.whole && end === 'left') return false;
      return condition.inclusive ? ms <= condition.limitMs : ms < condition.limitMs;
    });
  };
}

function termOf(term: string, percent: string | undefined): Term | undefined {
  if (percent === undefined) return Object.hasOwn(TERMS, term) ? TERMS[term] : undefined;
  const share = Number(percent) / 100;
  if (term !== 'gap' || share > 1) return undefined;
  return (sample, _intendedMs, _sentMs, untilMs) => gapAt(sample, share, untilMs);
}

/**
 * The gap of that rank among those of one stream; 0 for a stream with one part, which has none. Of one that was interrupted, the
 * longest one, the silence at its end among them: later gaps can still lower another rank.
 */
function gapAt({ stamps, parts }: StreamSample, share: number, untilMs: number): number {
  if (parts === 0 || (share < 1 && !Number.isNaN(untilMs))) return Number.NaN;
  const gaps = new Float64Array(parts - 1);
  for (let part = 1; part < parts; part++) gaps[part - 1] = stamps[part]! - stamps[part - 1]!;
  gaps.sort();
  const ranked = gaps[Math.max(0, Math.ceil(share * gaps.length) - 1)] ?? 0;
  return Number.isNaN(untilMs) ? ranked : Math.max(ranked, untilMs - stamps[parts - 1]!);
}
