import type { StreamStats } from '../document/schema.ts';
import { STREAM_TIMES, type StreamMeasures } from '../recorder/stream-measures.ts';
import { wilsonInterval } from '../proof/wilson.ts';
import type { StreamExample, StreamExamples, StreamTime } from '../model/stream-interval.ts';
import type { Goodput } from '../metrics/goodput.ts';
import { latencyAtLeast } from './latency-stats.ts';

/** Of streams that end before their first content, the times up to it are cut off; of interrupted ones, the others. */
const TO_FIRST: ReadonlySet<StreamTime> = new Set(['ttft', 'ttftSent', 'ttfo']);

/**
 * The document's form of streams.
 * @param durationMs time in which the requests were made, the base of rates
 * @param interrupted how many the end of the run, or of their user, cut off
 */
export function streamStats(
  { counts, times, examples }: StreamMeasures,
  durationMs: number,
  interrupted: number,
  goodput: Goodput | undefined,
): StreamStats {
  const { streams, events, parts, tokens, streamsWithUsage, inputTokens, leftWaiting } = counts;
  // Cut off after reasoning and before output: at most as many as have the one and lack the other.
  const leftThinking = Math.max(0, Math.min(interrupted - leftWaiting, times.ttft.count - times.ttfo.count));
  // With their histograms: `merge` and `compare` need them.
  const stats = STREAM_TIMES.map((time) => {
    const missing = TO_FIRST.has(time)
      ? leftWaiting + (time === 'ttfo' ? leftThinking : 0)
      : time === 'tpot'
        ? 0
        : interrupted;
    return [time, latencyAtLeast(times[time], missing)] as const;
  });
  return {
    streams,
    events,
    parts,
    ...(leftWaiting === 0 ? {} : { leftWaiting }),
    tokens,
    inputTokens: streamsWithUsage === 0 ? null : inputTokens,
    tokensFrom: streamsWithUsage === 0 ? 'parts' : streamsWithUsage < streams ? 'both' : 'usage',
    tokensPerSecond: durationMs > 0 ? tokens / (durationMs / 1000) : 0,
    ...(Object.fromEntries(stats) as Record<(typeof STREAM_TIMES)[number], StreamStats['ttft']>),
    ...(goodput === undefined || goodput.planned === 0 ? {} : { goodput: goodputStats(goodput, durationMs) }),
    ...(examples === undefined ? {} : { examples: documentExamples(examples) }),
  };
}

function documentExamples({ median, slowest }: StreamExamples): NonNullable<StreamStats['examples']> {
  const copy = (example: StreamExample) => ({ ...example, arrivalsMs: [...example.arrivalsMs] });
  return {
    ...(median === undefined ? {} : { median: copy(median) }),
    ...(slowest === undefined ? {} : { slowest: copy(slowest) }),
  };
}

function goodputStats(
  { good, planned, objectives }: Goodput,
  durationMs: number,
): NonNullable<StreamStats['goodput']> {
  const [low, high] = wilsonInterval({ count: good, of: planned });
  return {
    objectives: [...objectives],
    good,
    planned,
    share: good / planned,
    low,
    high,
    perSecond: durationMs > 0 ? good / (durationMs / 1000) : 0,
  };
}
