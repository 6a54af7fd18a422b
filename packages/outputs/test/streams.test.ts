import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunInfo } from '@jarvis-load/engine';
import { Histogram, TrendHistogram } from '@jarvis-load/engine/recorder';
import { csvOutput } from '../src/files/csv-output.ts';
import { InfluxPoints } from '../src/influxdb/influx-points.ts';
import type { Second } from '../src/exporter.ts';
import { NativeHistogram } from '../src/metrics/native-histogram.ts';
import { RunMetrics } from '../src/metrics/run-metrics.ts';
import { GenAiMetrics } from '../src/otlp/gen-ai-metrics.ts';
import { writeText } from '../src/prometheus/text-format.ts';
import { madeRun, madeSecond } from './support/made-run.ts';

function times(...ms: readonly number[]) {
  const histogram = new Histogram();
  for (const each of ms) histogram.record(each * 1000);
  return histogram.snapshot();
}

/** The made run, whose first operation is streamed: in each second two streams of three chunks. */
function streamedRun(): RunInfo {
  const run = madeRun({ model: 'tiny' });
  const [first, ...others] = run.operations;
  return { ...run, operations: [{ ...first!, stream: 'sse' }, ...others] };
}

function streamedSecond(second: number): Second {
  const made = madeSecond(second, 1e12);
  const [first, ...others] = made.delta.operations;
  const streams = {
    counts: {
      streams: 2,
      events: 8,
      parts: 6,
      tokens: 6,
      streamsWithUsage: 0,
      inputTokens: 0,
      leftWaiting: 0,
      judged: 2,
      good: 1,
    },
    times: {
      ttft: times(250, 350),
      ttftSent: times(240, 340),
      ttfo: times(250, 350),
      ttlt: times(300, 900),
      tpot: times(25, 275),
      gap: times(20, 30, 50, 500),
      longestGap: times(30, 500),
    },
  };
  return { ...made, delta: { ...made.delta, operations: [{ ...first!, streams }, ...others] } };
}

describe('streamed responses in the outputs', () => {
  it('are counters and histograms of Prometheus, 0 before the first stream, only for operations that stream', () => {
    const metrics = new RunMetrics(streamedRun(), 5000);
    const lines = () =>
      writeText(metrics.collect(), 'text')
        .split('\n')
        .filter((line) => line.startsWith('jarvis_load_stream'));
    expect(lines().filter((line) => !line.endsWith(' 0'))).toEqual([]);
    expect(lines().filter((line) => !line.includes('operation="chat.send"'))).toEqual([]);
    metrics.add(streamedSecond(0));
    metrics.add(streamedSecond(1));
    const value = (name: string) =>
      Number(
        lines()
          .find((line) => line.startsWith(`${name}{`))
          ?.split(' ')
          .at(-1),
      );
    expect(value('jarvis_load_streams_total')).toBe(4);
    expect(value('jarvis_load_stream_chunks_total')).toBe(12);
    expect(value('jarvis_load_streams_good_total')).toBe(2);
    expect(value('jarvis_load_stream_ttft_seconds_count')).toBe(4);
    expect(value('jarvis_load_stream_ttft_seconds_sum')).toBeCloseTo(1.2, 9);
    expect(value('jarvis_load_stream_gap_seconds_count')).toBe(8);
  });

  it.each([
    [{}, { model: 'large' }, 'large'],
    [{ model: 'tiny' }, { model: 'large' }, 'tiny'],
    [{}, {}, undefined],
  ])('have the model of the run %j, else of the operation %j', (ofRun, ofOperation, model) => {
    const run = streamedRun();
    const [first, ...others] = run.operations;
    const metrics = new GenAiMetrics({
      ...run,
      tags: ofRun,
      operations: [{ ...first!, tags: ofOperation }, ...others],
    });
    metrics.add(streamedSecond(1).delta.operations);
    expect(new Map(metrics.metrics[0]!.family.series[0]!.labels).get('gen_ai.request.model')).toBe(model);
  });

  it('have the GenAI names and bounds of OpenTelemetry, and the model from the tag of the run', () => {
    const metrics = new GenAiMetrics(streamedRun());
    metrics.add(streamedSecond(1).delta.operations);
    const named = (name: string) => metrics.metrics.find(({ descriptor }) => descriptor.name === name)!;
    const { descriptor, family } = named('gen_ai.client.operation.time_to_first_chunk');
    expect(descriptor.unit).toBe('s');
    const [first] = family.series;
    expect(Object.fromEntries(first!.labels)).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'mock',
      'gen_ai.request.model': 'tiny',
      'server.address': '127.0.0.1',
      'server.port': '8100',
    });
    const { bounds, counts, count, sumSeconds } = first!.buckets!;
    expect([bounds[0], bounds[1], bounds.at(-1)]).toEqual([0.01, 0.02, 81.92]);
    expect(count).toBe(2);
    expect(sumSeconds).toBeCloseTo(0.58, 9);
    // 240 ms lies between 0.16 and 0.32 s.
    expect(counts[5]).toBe(1);
    expect(named('gen_ai.client.operation.time_per_output_chunk').family.series).toHaveLength(1);
    // Answers that are ok, and those that failed with their outcome as `error.type`.
    const durations = named('gen_ai.client.operation.duration').family.series;
    expect(durations.map(({ labels }) => new Map(labels).get('error.type'))).toEqual([
      undefined,
      'server_error',
    ]);
  });

  it('have the tokens of single streams that the server counted, by kind', () => {
    const metrics = new GenAiMetrics(streamedRun());
    const [first] = streamedSecond(1).delta.operations;
    const trend = (...values: readonly number[]) => {
      const histogram = new TrendHistogram();
      for (const value of values) histogram.record(value);
      return histogram.snapshot();
    };
    const usage = { input: trend(1000), output: trend(4, 5, 70_000_000) };
    metrics.add(streamedSecond(0).delta.operations);
    expect(metrics.metrics.map(({ descriptor }) => descriptor.name)).not.toContain(
      'gen_ai.client.token.usage',
    );
    metrics.add([{ ...first!, streams: { ...first!.streams!, usage } }]);
    const { descriptor, family } = metrics.metrics.find(({ family: { name } }) => /token\.usage/.test(name))!;
    expect(descriptor.unit).toBe('{token}');
    const [input, output] = family.series;
    expect(Object.fromEntries(input!.labels)).toMatchObject({
      'gen_ai.token.type': 'input',
      'gen_ai.request.model': 'tiny',
    });
    expect([input!.buckets!.count, input!.buckets!.sumSeconds]).toEqual([1, 1000]);
    const { bounds, counts, count, sumSeconds } = output!.buckets!;
    expect([bounds[0], bounds[1], bounds.at(-1)]).toEqual([1, 4, 67_108_864]);
    // 4 is the bound of the second bucket, 5 lies in the third, the largest above all.
    expect([...counts.slice(0, 3), counts.at(-1)]).toEqual([0, 1, 1, 1]);
    expect([count, sumSeconds]).toEqual([3, 70_000_009]);
  });

  it('are a point of InfluxDB and columns of the CSV, empty for other operations', async () => {
    const points = new InfluxPoints(streamedRun()).second(streamedSecond(0));
    const stream = points.filter((line) => line.startsWith('jarvis_load_stream,'));
    expect(stream).toHaveLength(1);
    expect(stream[0]).toMatch(/ .*streams=2.*ttft_p95_ms=3(49|50)/);
    const folder = mkdtempSync(join(tmpdir(), 'streams-'));
    try {
      const output = csvOutput(join(folder, 'run.csv'));
      await output.start(streamedRun());
      output.second(streamedSecond(0));
      await output.stop(undefined);
      const [head, ...rows] = readFileSync(join(folder, 'run.csv'), 'utf8')
        .trim()
        .split('\r\n')
        .map((line) => line.split(','));
      const cells = (column: string) => rows.map((row) => row[head!.indexOf(column)]);
      expect(cells('streams')).toEqual(['2', '', '']);
      expect(cells('ttft_max_ms')).toEqual(['350', '', '']);
      expect(cells('longest_gap_max_ms')).toEqual(['500', '', '']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a native histogram', () => {
  it('has each value in the bucket whose bounds are powers of 2^(1/8), and values below 1 us in the zero bucket', () => {
    const histogram = new NativeHistogram();
    histogram.add(times(0, 250, 250, 1000, 1500));
    expect([histogram.count, histogram.zeros]).toEqual([5, 1]);
    expect(histogram.sumSeconds).toBeCloseTo(3, 9);
    for (const [index, count] of histogram.buckets) {
      const inside = [0.25, 0.25, 1, 1.5].filter(
        (value) => value > 2 ** ((index - 1) / 8) * 0.998 && value <= 2 ** (index / 8) * 1.002,
      );
      expect(inside.length, `bucket ${index}`).toBeGreaterThanOrEqual(count);
    }
    expect(histogram.buckets.reduce((sum, [, count]) => sum + count, 0)).toBe(4);
  });
});
