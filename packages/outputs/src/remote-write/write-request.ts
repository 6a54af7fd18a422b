import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Family, Labels, Series } from '../metrics/family.ts';
import { LE_VALUES } from '../prometheus/text-format.ts';

/*
 * Bytes of remote write 1.0: `WriteRequests`. Must hold:
 * - One object per run: it keeps the encoded labels of each `Series`, and which are live. Times rise from call to call.
 * - Every histogram has the bounds of `BOUNDS_SECONDS`, since `le` is written from them.
 * - `end` comes after the last `samples`; bodies are not compressed: `RunRequests` does that.
 */

/** Prometheus' stale marker: a NaN with this payload, as a little-endian double (`value.StaleNaN`). */
export const STALE_MARKER = new Uint8Array([0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f]);

/** Field numbers of `WriteRequest`, `TimeSeries`, `Label` and `Sample` in `prompb/remote.proto` and `types.proto`. */
export const TIME_SERIES = 1;
const LABELS = 1;
const SAMPLES = 2;
const SAMPLE_VALUE = 1;
const SAMPLE_TIMESTAMP = 2;

/** Labels of the sender, as a scrape would have them. */
export type SenderLabels = Readonly<Record<'job' | 'instance', string>>;

/** A write request, and how many samples it holds. */
export interface WriteRequest {
  readonly body: Uint8Array;
  readonly points: number;
}

/** A time in milliseconds takes so many bytes as a varint, from 1971 to 2109. */
const TIME_BYTES = 6;
/** Tag, value, tag, time. */
const SAMPLE_BYTES = 1 + 8 + 1 + TIME_BYTES;
const VALUE_AND_TIME_BYTES = 8 + 1 + TIME_BYTES;

/**
 * The beginnings of the time series of each series, up to the value of the sample, which never change: one, or those of a
 * histogram in the order of its values.
 */
interface Encoded {
  readonly beginnings: readonly Uint8Array[];
  /** Bytes of all of them together, with a value and a time each. */
  readonly bytes: number;
}

/** A `TimeSeries` with its labels and one sample, without the value and the time of the sample. */
function encodeBeginning(name: string, labels: Labels): Uint8Array {
  const ofLabels = encodeLabels(name, labels);
  const sampleHead = new BinaryWriter().tag(SAMPLES, WireType.LengthDelimited).uint32(SAMPLE_BYTES).finish();
  return new BinaryWriter()
    .tag(TIME_SERIES, WireType.LengthDelimited)
    .uint32(ofLabels.length + sampleHead.length + SAMPLE_BYTES)
    .raw(ofLabels)
    .raw(sampleHead)
    .tag(SAMPLE_VALUE, WireType.Bit64)
    .finish();
}

export function encodeLabels(name: string, labels: Labels): Uint8Array {
  // Sorted by name, as remote write 1.0 demands.
  const sorted = [['__name__', name] as const, ...labels].sort(([a], [b]) => (a < b ? -1 : 1));
  const writer = new BinaryWriter();
  for (const [label, value] of sorted) {
    writer.tag(LABELS, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(label);
    writer.tag(2, WireType.LengthDelimited).string(value).join();
  }
  return writer.finish();
}

function encode({ name, type }: Family, series: Series, sender: SenderLabels): Encoded {
  const labels: Labels = [...series.labels, ...Object.entries(sender)];
  const beginnings =
    series.buckets === undefined
      ? [encodeBeginning(type === 'counter' ? `${name}_total` : name, labels)]
      : [
          ...LE_VALUES.map((le) => encodeBeginning(`${name}_bucket`, [...labels, ['le', le]])),
          encodeBeginning(`${name}_count`, labels),
          encodeBeginning(`${name}_sum`, labels),
        ];
  const bytes = beginnings.reduce((sum, { length }) => sum + length + VALUE_AND_TIME_BYTES, 0);
  return { beginnings, bytes };
}

/** Makes write requests of remote write 1.0, and remembers which series have to be marked stale. */
export class WriteRequests {
  readonly #sender: SenderLabels;
  /** Not weak: the collector would visit each entry again and again. */
  readonly #encoded = new Map<Series, Encoded>();
  #live = new Map<Series, Family>();
  /** Time of the last samples. */
  #lastMs: number | undefined;

  constructor(sender: SenderLabels) {
    this.#sender = sender;
  }

  /**
   * A sample of every series that is present, a stale marker for those that no longer are. A counter or histogram that begins after
   * the first call has a 0 at the time of the call before, so that `rate()` has a first value. @param timeMs since the epoch
   */
  samples(families: readonly Family[], timeMs: number): WriteRequest {
    const live = new Map<Series, Family>();
    const written: [Series, Family][] = [];
    const begun: [Series, Family][] = [];
    for (const family of families) {
      const grows = family.type === 'counter' || family.type === 'histogram';
      for (const series of family.series) {
        if (grows && series.present && !this.#encoded.has(series)) begun.push([series, family]);
        if (series.present) live.set(series, family);
        if (series.present || this.#live.has(series)) written.push([series, family]);
      }
    }
    this.#live = live;
    const beforeMs = this.#lastMs;
    this.#lastMs = timeMs;
    const now = this.#write(written, timeMs, 'values');
    if (begun.length === 0 || beforeMs === undefined) return now;
    const zeros = this.#write(begun, beforeMs, 'zeros');
    return { body: Buffer.concat([zeros.body, now.body]), points: zeros.points + now.points };
  }

  /** A stale marker for every series that is still live. */
  end(timeMs: number): WriteRequest {
    const written = [...this.#live];
    this.#live = new Map();
    return this.#write(written, timeMs, 'stale');
  }

  #write(
    written: readonly (readonly [Series, Family])[],
    timeMs: number,
    what: 'values' | 'zeros' | 'stale',
  ): WriteRequest {
    const time = new BinaryWriter().tag(SAMPLE_TIMESTAMP, WireType.Varint).int64(timeMs).finish();
    if (time.length !== 1 + TIME_BYTES) throw new RangeError(`the time ${timeMs} is not one of this century`);
    let length = 0;
    for (const [series, family] of written) length += this.#encodedOf(series, family).bytes;
    const body = Buffer.allocUnsafe(length);
    let at = 0;
    let points = 0;
    const sample = (beginning: Uint8Array, value: number, stale: boolean): void => {
      body.set(beginning, at);
      at += beginning.length;
      if (stale) body.set(STALE_MARKER, at);
      else body.writeDoubleLE(what === 'zeros' ? 0 : value, at);
      body.set(time, at + 8);
      at += VALUE_AND_TIME_BYTES;
      points++;
    };
    for (const [series, family] of written) {
      const { beginnings } = this.#encodedOf(series, family);
      const { buckets, present } = series;
      const stale = what === 'stale' || !present;
      if (buckets === undefined) {
        sample(beginnings[0]!, series.value, stale);
        continue;
      }
      let below = 0;
      let place = 0;
      for (const count of buckets.counts) sample(beginnings[place++]!, (below += count), stale);
      sample(beginnings[place++]!, buckets.count, stale);
      sample(beginnings[place]!, buckets.sumSeconds, stale);
    }
    return { body, points };
  }

  #encodedOf(series: Series, family: Family): Encoded {
    let found = this.#encoded.get(series);
    if (found === undefined) this.#encoded.set(series, (found = encode(family, series, this.#sender)));
    return found;
  }
}
