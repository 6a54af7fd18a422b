import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRun } from '../src/definition/compile.ts';
import type { Blocks } from '../src/document/schema.ts';
import { bucketIndexOf, highestValueAt, lowestValueAt } from '../src/recorder/bucket-layout.ts';
import { coarsen, FINEST_SHIFT, widthAt } from '../src/recorder/coarsen.ts';
import { decodeHistogram } from '../src/recorder/hdr-encoding.ts';
import { Histogram } from '../src/recorder/histogram.ts';
import { mergeSnapshots } from '../src/recorder/histogram-snapshot.ts';
import { Measures } from '../src/recorder/measures.ts';
import { BlockRecorder } from '../src/result/blocks.ts';
import { asking } from './fixtures/virtual-load.ts';

const runOf = (operations: number) =>
  compileRun(
    Array.from({ length: operations }, (_, k) => asking(`s${k}`, { kind: 'constant-vus', duration: '1s' })),
  );
const run = runOf(2);

/** So many requests of each operation in each second, every tenth of them refused. */
function record(
  seconds: number,
  perSecond: number,
  timeUs: (k: number) => number,
  recorded = runOf(2),
): Blocks {
  const recorder = new BlockRecorder(recorded);
  for (let second = 0; second < seconds; second++) {
    const measures = new Measures(recorded);
    for (const { index } of recorded.operations) {
      const operation = measures.operations[index]!;
      for (let k = 0; k < perSecond; k++) {
        const outcome = k % 10 === 9 ? 1 : 0;
        operation.outcomes[outcome]!++;
        (operation.response[outcome] ??= new Histogram()).record(timeUs(second * perSecond + k));
      }
    }
    recorder.add(measures, second * 1000 + (second % 3), (second + 1) * 1000 + ((second + 1) % 3));
  }
  return recorder.result()!;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe('the blocks of a run', () => {
  it.each([
    [30, 1000, 30],
    [60, 1000, 60],
    [61, 2000, 31],
    [3600, 64_000, 57],
  ])('of %i seconds are %i ms wide, at most 60 of them, and lose nothing', (seconds, blockMs, blocks) => {
    const found = record(seconds, 10, (k) => 1000 + (k % 500) * 100);
    expect([found.blockMs, found.durationsMs.length]).toEqual([blockMs, blocks]);
    expect(sum(found.durationsMs)).toBeCloseTo(seconds * 1000 + (seconds % 3), 6);
    expect(found.operations).toHaveLength(2);
    for (const { outcomes, histograms } of found.operations) {
      expect(Object.keys(outcomes)).toEqual(['ok', 'rate_limited']);
      expect([sum(outcomes['ok']!), sum(outcomes['rate_limited']!)]).toEqual([seconds * 9, seconds]);
      const counts = histograms.map((encoded) => decodeHistogram(encoded!).count);
      expect(counts).toEqual(outcomes['ok']);
    }
  });

  it('stay below 1 MB for 12 operations, however wide their response times spread', () => {
    let state = 7;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const timeUs = () => Math.round(1000 * Math.exp(9 * random()));
    const blocks = record(60, 600, timeUs, runOf(12));
    expect(JSON.stringify(blocks).length).toBeLessThan(1_000_000);
    expect(blocks.operations[0]!.bucketWidth).toBeLessThanOrEqual(1 / 16);
  }, 60_000);

  it('hold what came late in the block of its second', () => {
    const recorder = new BlockRecorder(run);
    const measures = new Measures(run);
    measures.operations[0]!.outcomes[0] = 2;
    recorder.add(measures, 0, 1000);
    recorder.add(new Measures(run), 1000, 2000);
    recorder.addLate(measures, 1000);
    expect(recorder.result()!.operations).toMatchObject([
      { outcomes: { ok: [2, 2] }, histograms: [null, null] },
    ]);
  });

  it('are absent where there was no request', () => {
    const recorder = new BlockRecorder(run);
    recorder.add(new Measures(run), 0, 1000);
    expect(recorder.result()).toBeUndefined();
  });
});

describe('a coarse histogram', () => {
  const snapshotOf = (values: readonly number[]) => {
    const histogram = new Histogram();
    for (const value of values) histogram.record(value);
    return histogram.snapshot();
  };
  const values = fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { minLength: 1, maxLength: 50 });

  it('keeps each value within its width', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3_600_000_000 }),
        fc.integer({ min: 3, max: 6 }),
        (value, shift) => {
          const { indexes } = coarsen(snapshotOf([value]), shift);
          const [low, high] = [lowestValueAt(indexes[0]!), highestValueAt(bucketIndexOf(value))];
          expect(Math.abs(low - value)).toBeLessThanOrEqual(1 + high * widthAt(shift));
        },
      ),
    );
  });

  it('is the same whether it is merged before or after, and in one step or in two', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [one, other] = [snapshotOf(a), snapshotOf(b)];
        const before = coarsen(mergeSnapshots([one, other]), FINEST_SHIFT);
        const after = mergeSnapshots([coarsen(one, FINEST_SHIFT), coarsen(other, FINEST_SHIFT)]);
        expect([...after.indexes]).toEqual([...before.indexes]);
        expect([...after.counts]).toEqual([...before.counts]);
        expect([after.min, after.max]).toEqual([before.min, before.max]);
        expect([before.min, before.max]).toEqual([
          lowestValueAt(before.indexes[0]!),
          highestValueAt(before.indexes.at(-1)!),
        ]);
        const twice = coarsen(coarsen(one, FINEST_SHIFT), FINEST_SHIFT + 2);
        expect([...twice.indexes]).toEqual([...coarsen(one, FINEST_SHIFT + 2).indexes]);
      }),
    );
  });
});
