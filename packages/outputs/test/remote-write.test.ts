import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { uncompress } from 'snappyjs';
import { expect, it } from 'vitest';
import { RunRequests } from '../src/remote-write/run-requests.ts';
import { madeRun, madeSecond, madeTotals } from './support/made-run.ts';

interface Sample {
  readonly name: string;
  readonly labels: string;
  readonly timeMs: number;
  readonly value: number;
}

/** The parts of a message with this field. */
function partsOf(message: Uint8Array, field: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field && type === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(type);
  }
  return found;
}

/** The samples of a write request, see `prompb/types.proto`. */
function samplesOf(body: Uint8Array): readonly Sample[] {
  return partsOf(uncompress(body), 1).map((series) => {
    const labels = partsOf(series, 1).map((label) =>
      [1, 2].map((field) => Buffer.from(partsOf(label, field)[0]!).toString()),
    );
    const reader = new BinaryReader(partsOf(series, 2)[0]!);
    reader.tag();
    const value = reader.double();
    reader.tag();
    const timeMs = Number(reader.int64());
    const name = labels.find(([label]) => label === '__name__')?.[1] ?? '';
    return { name, labels: labels.join(), timeMs, value };
  });
}

it('a counter or histogram that begins during the run has a 0 at the time of the push before', () => {
  const run = madeRun();
  const requests = new RunRequests(run, { intervalMs: 1000, locustNames: false, nativeHistograms: false });
  const START = 1_800_000_000_000;
  const first = samplesOf(requests.batch(START).body);
  expect(first.filter(({ name }) => /_total$|_bucket$/.test(name)).every(({ value }) => value === 0)).toBe(
    true,
  );
  requests.add(madeSecond(1, START));
  const batch = requests.batch(START + 2000);
  const second = samplesOf(batch.body);
  expect(second).toHaveLength(batch.points);
  const known = new Set(first.map(({ labels }) => labels));
  const late = second.filter(
    ({ name, labels }) => /_total$|_bucket$|_sum$|_count$/.test(name) && !known.has(labels),
  );
  const begun = late.filter(({ name }) => name.startsWith('jarvis_load_'));
  expect(new Set(begun.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')))).toEqual(
    new Set([
      'jarvis_load_responses_total',
      'jarvis_load_checks_total',
      'jarvis_load_tagged_requests_total',
      'jarvis_load_tagged_response_time_seconds',
      'jarvis_load_group_duration_seconds',
      // Not known before the load.
      'jarvis_load_generator_cpu_seconds_total',
    ]),
  );
  for (const labels of new Set(begun.map((sample) => sample.labels))) {
    const own = begun.filter((sample) => sample.labels === labels);
    expect(own.map(({ timeMs }) => timeMs - START)).toEqual([0, 2000]);
    expect(own[0]!.value).toBe(0);
  }
  const responses = begun.filter(({ name }) => name === 'jarvis_load_responses_total');
  const requestsOfSecond = madeTotals(2).requests - madeTotals(1).requests;
  expect(responses.reduce((sum, { value }) => sum + value, 0)).toBe(requestsOfSecond);
  requests.add(madeSecond(2, START));
  const third = samplesOf(requests.batch(START + 3000).body);
  expect(third.filter(({ timeMs }) => timeMs !== START + 3000)).toEqual([]);
});
