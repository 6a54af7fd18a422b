import { expect, it } from 'vitest';
import type { StreamSample } from '../src/model/stream.ts';
import { OUTCOMES } from '../src/outcome.ts';
import { StreamMeasures } from '../src/recorder/stream-measures.ts';
import { StreamRecorder } from '../src/recorder/stream-recorder.ts';

const OK = OUTCOMES.indexOf('ok');

const streamOf = (usageTokens: number, inputTokens: number): StreamSample => ({
  parts: 2,
  stamps: Float64Array.of(10, 20),
  events: 2,
  partTokens: 2,
  usageTokens,
  inputTokens,
  firstOutputMs: 10,
  endMs: Number.NaN,
});

it('keeps the tokens of single streams that the server counted, for outputs: of an interval, not of the run', () => {
  const recorder = new StreamRecorder({ good: undefined, examples: false });
  const record = (usage: number, input: number): void => recorder.record(OK, 0, 0, 1, streamOf(usage, input));
  record(Number.NaN, Number.NaN);
  const uncounted = recorder.flush()!;
  expect(uncounted.usage).toBeUndefined();
  record(7, 1000);
  record(9, Number.NaN);
  const first = recorder.flush()!;
  record(5, 3);
  const second = recorder.flush()!;
  const merged = new StreamMeasures();
  for (const each of [uncounted, first, second]) merged.addInterval(each);
  const { counts, usage } = merged.interval();
  expect([usage!.output.count, usage!.output.sum, usage!.output.max]).toEqual([3, 21, 9]);
  expect([usage!.input.count, usage!.input.sum]).toEqual([2, counts.inputTokens]);
  const run = new StreamMeasures();
  run.add(merged);
  expect(run.interval()).not.toHaveProperty('usage');
});
