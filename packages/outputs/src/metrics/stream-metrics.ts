import type { OperationPart, RunInfo } from '@jarvis-load/engine';
import { BucketCounts } from './bucket-counts.ts';
import type { FamilySet, Series } from './family.ts';

const COUNTERS = {
  streams: ['jarvis_load_streams', 'Streamed responses that ended or were interrupted.'],
  parts: ['jarvis_load_stream_chunks', 'Parts with content of streamed responses.'],
  tokens: ['jarvis_load_stream_tokens', 'Output tokens, as the server counted them where it did.'],
  judged: ['jarvis_load_streams_judged', 'Ended streams of operations with objectives.'],
  good: ['jarvis_load_streams_good', 'Streams that met every objective of their operation.'],
} as const;
type Counter = keyof typeof COUNTERS;
const COUNTER_NAMES = Object.keys(COUNTERS) as readonly Counter[];

const TIMES = {
  ttft: ['jarvis_load_stream_ttft_seconds', 'From the intended start to the first content.'],
  ttftSent: ['jarvis_load_stream_ttft_sent_seconds', 'From the first byte sent to the first content.'],
  ttlt: [
    'jarvis_load_stream_ttlt_seconds',
    'From the intended start to the last content, of complete responses.',
  ],
  tpot: ['jarvis_load_stream_tpot_seconds', 'Time per further token, of complete responses.'],
  gap: ['jarvis_load_stream_gap_seconds', 'Between two contents.'],
  longestGap: ['jarvis_load_stream_longest_gap_seconds', 'The longest gap of each stream.'],
} as const;
type Time = keyof typeof TIMES;
const TIME_NAMES = Object.keys(TIMES) as readonly Time[];

interface StreamSeries {
  readonly counters: Readonly<Record<Counter, Series>>;
  readonly times: Readonly<Record<Time, BucketCounts>>;
}

/** What streamed responses did: counters and histograms, all of them 0 before the first request. `add` gets each second once. */
export class StreamMetrics {
  readonly #operations = new Map<string, StreamSeries>();

  constructor(set: FamilySet, run: RunInfo) {
    for (const { scenario, operation, stream } of run.operations) {
      if (stream === undefined) continue;
      const labels = { scenario, operation };
      const counter = (each: Counter): Series => {
        const [name, help] = COUNTERS[each];
        return set.add({ name, type: 'counter', help }, labels);
      };
      const time = (each: Time): BucketCounts => {
        const [name, help] = TIMES[each];
        const buckets = new BucketCounts();
        set.add({ name, type: 'histogram', help }, labels, buckets);
        return buckets;
      };
      this.#operations.set(`${scenario}\n${operation}`, {
        counters: Object.fromEntries(
          COUNTER_NAMES.map((each) => [each, counter(each)]),
        ) as StreamSeries['counters'],
        times: Object.fromEntries(TIME_NAMES.map((each) => [each, time(each)])) as StreamSeries['times'],
      });
    }
  }

  add(parts: readonly OperationPart[]): void {
    for (const { scenario, operation, streams } of parts) {
      const own = this.#operations.get(`${scenario}\n${operation}`);
      if (own === undefined || streams === undefined) continue;
      for (const each of COUNTER_NAMES) own.counters[each].value += streams.counts[each];
      for (const each of TIME_NAMES) own.times[each].add(streams.times[each]);
    }
  }
}
