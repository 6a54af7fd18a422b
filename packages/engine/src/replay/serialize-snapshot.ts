import { EngineError } from '../errors.ts';
import type { HistogramSnapshot, TrendSnapshot } from '../model/histogram-snapshot.ts';
import type { SnapshotRecord } from '../model/run-snapshot.ts';
import type { OperationPart, RequestsPart, ScenarioPart, SnapshotPart } from '../model/snapshot-part.ts';
import { HistogramPacker } from '../recorder/packed-histograms.ts';
import { cleanPart } from '../secrets/clean-part.ts';
import { placeOfRest } from './intended-rest.ts';
import { RECORD_FORMAT } from './record-format.ts';

/*
 * Writes the snapshots of a record.
 *
 * Must hold:
 * - Fields of a snapshot, of an operation and of requests are listed one by one; checks, errors, exceptions, health and notes are
 *   written whole. No type error names a field that is missing in `packSnapshot` or `PartWriter`, and so not written.
 *   `parse-snapshot.ts` is the inverse.
 * - Only `recordOf` removes secrets, by its `clean`: from notes, and from the words that `secrets/clean-part.ts` lists.
 * - A live snapshot is read within `interval()`: see `RunSnapshot`. What `recordOf` returns can be packed later, in any thread.
 */

/** A snapshot in two parts: its histograms are packed bits, which compression of the JSON would not make smaller. */
export interface PackedSnapshot {
  /** One line of JSON, which names histograms by their place. */
  readonly text: string;
  /** In the format of `recorder/packed-histograms.ts`. */
  readonly histograms: Uint8Array;
}

/**
 * A snapshot as one line of JSON, without a line break: what `parseSnapshot` reads. Holds `delta`, and nothing that
 * follows from it; reads the properties of `SnapshotRecord` alone of a live snapshot. Empty histograms and counts of 0 are left out.
 * @throws EngineError `invalid-snapshot` if it is read too late, see `RunSnapshot`, or a trend contradicts its bins
 */
export function serializeSnapshot(snapshot: SnapshotRecord): string {
  const { text, histograms } = packSnapshot(snapshot);
  return `${text.slice(0, -1)},"histograms":"${Buffer.from(histograms).toString('base64')}"}`;
}

/**
 * What a record is made of, of a live snapshot, in an object that `postMessage` carries: for a thread that packs it while this
 * one makes load. Histograms are not copied: nobody changes them later.
 * @param clean see above
 * @throws EngineError `invalid-snapshot` if it is read too late, see `RunSnapshot`
 */
export function recordOf(
  snapshot: SnapshotRecord,
  clean: <T>(value: T) => T = (value) => value,
): SnapshotRecord {
  const { index, startMs, endMs, startWallMs, last, phase, paused, pausedMs, delta, intended } = snapshot;
  const { health, machine, notes, steering } = snapshot;
  const time = { index, startMs, endMs, startWallMs, last, phase, paused, pausedMs };
  return {
    ...time,
    delta: cleanPart(delta, clean),
    intended,
    health,
    machine,
    notes: notes.map((each) => ({ ...each, text: clean(each.text) })),
    steering,
  };
}

/**
 * The same as `serializeSnapshot`, in two parts.
 * @param between called before each operation: a thread on the processor of the load may pause there
 * @returns what `unpackSnapshot` reads
 */
export function packSnapshot(
  snapshot: SnapshotRecord,
  between: () => void = () => undefined,
): PackedSnapshot {
  const { index, startMs, endMs, startWallMs, last, phase, paused, pausedMs, delta, intended } = snapshot;
  const { health, machine, notes, steering } = snapshot;
  const packer = new HistogramPacker();
  const parts = new PartWriter(packer);
  const operations = delta.operations.map((each) => {
    between();
    return JSON.stringify(parts.operation(each));
  });
  between();
  const rest = placeOfRest(intended, delta.operations);
  const others = JSON.stringify({
    format: RECORD_FORMAT,
    index,
    startMs,
    endMs,
    startWallMs,
    last,
    phase,
    paused,
    pausedMs,
    intended: intended.flatMap(([second, times], place) =>
      place === rest ? [] : [[second, packer.add(times)]],
    ),
    intendedRest: rest === undefined ? undefined : restAsNumbers(rest, intended[rest]!),
    health,
    machine,
    notes,
    steering: some(steering),
  });
  const part = JSON.stringify(parts.withoutOperations(delta));
  const text = `${others.slice(0, -1)},"delta":${part.slice(0, -1)},"operations":[${operations.join()}]}}`;
  return { text, histograms: packer.bytes };
}

/** What `placeOfRest` leaves open of a second, and its place. */
function restAsNumbers(place: number, [second, { min, max }]: SnapshotRecord['intended'][number]): number[] {
  return [place, second, min, max];
}

/** Parts of a snapshot as JSON has them, with the places of their histograms. */
class PartWriter {
  readonly #packer: HistogramPacker;

  constructor(packer: HistogramPacker) {
    this.#packer = packer;
  }

  withoutOperations(delta: SnapshotPart) {
    const { durationMs, scenarios, pacerLag, checks, metrics, groups, errors, errorsNotKept, exceptions } =
      delta;
    return {
      durationMs,
      scenarios: scenarios.map((each) => this.#scenario(each)),
      pacerLag: this.#histogram(pacerLag),
      checks: some(checks),
      metrics: some(
        metrics.map(({ trend: values, ...rest }) => ({ ...rest, trend: values && trend(values) })),
      ),
      groups: groups?.map(({ durations, ...rest }) => ({ ...rest, durations: this.#histogram(durations) })),
      errors: some(errors),
      errorsNotKept: errorsNotKept || undefined,
      exceptions: some(exceptions),
    };
  }

  operation({ scenario, operation, byStatus, byTags, ...all }: OperationPart) {
    return {
      scenario,
      operation,
      ...this.#requests(all),
      byStatus: this.#statusParts(byStatus),
      byTags: byTags?.map(({ tags, byStatus: own, ...rest }) => ({
        tags,
        ...this.#requests(rest),
        byStatus: this.#statusParts(own),
      })),
    };
  }

  #scenario({ counts, iterationDuration, ...rest }: ScenarioPart) {
    return { ...rest, counts: notZero(counts), iterationDuration: this.#histogram(iterationDuration) };
  }

  #statusParts(byStatus: OperationPart['byStatus']) {
    const statuses = Object.entries(byStatus);
    return statuses.length === 0
      ? undefined
      : Object.fromEntries(statuses.map(([status, own]) => [status, this.#requests(own)]));
  }

  #requests(all: RequestsPart) {
    return {
      outcomes: notZero(all.outcomes),
      statuses: all.statuses,
      interrupted: all.interrupted || undefined,
      bytesSent: all.bytesSent || undefined,
      bytesReceived: all.bytesReceived || undefined,
      retries: all.retries || undefined,
      response: this.#histograms(all.response),
      service: this.#histograms(all.service),
      queueWait: this.#histogram(all.queueWait),
      phases: this.#histograms(all.phases),
      interruptedAge: this.#histogram(all.interruptedAge),
      streams:
        all.streams === undefined
          ? undefined
          : {
              counts: notZero(all.streams.counts),
              times: this.#histograms(all.streams.times),
              examples: all.streams.examples,
            },
      traced: all.traced,
    };
  }

  #histogram(snapshot: HistogramSnapshot): number | undefined {
    return snapshot.count === 0 ? undefined : this.#packer.add(snapshot);
  }

  #histograms(named: Readonly<Record<string, HistogramSnapshot>>): Record<string, number | undefined> {
    return Object.fromEntries(Object.entries(named).map(([name, each]) => [name, this.#histogram(each)]));
  }
}

function trend({ indexes, counts, highs, count, ...totals }: TrendSnapshot) {
  if (counts.reduce((sum, each) => sum + each, 0) !== count) {
    throw new EngineError('invalid-snapshot', 'a trend holds another number of values than its bins do.');
  }
  return { ...totals, indexes: [...indexes], counts: [...counts], highs: [...highs] };
}

function notZero(counts: object): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
