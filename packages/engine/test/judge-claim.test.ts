import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeClaim, samplesForQuantile, samplesForShare } from '../src/proof/judge-claim.ts';

describe('samples needed', () => {
  it.each([
    [0.5, 2],
    [0.9, 10],
    [0.95, 20],
    [0.99, 100],
    [0.999, 1000],
    [0.9999, 10_000],
    [0.05, 20],
    [0, 1],
    [1, 1],
  ])('for quantile %d are %i', (q, needed) => {
    expect(samplesForQuantile(q)).toBe(needed);
  });

  it.each([
    [0.01, 100],
    [1 - 0.99, 100],
    [0.02, 50],
    [0.05, 20],
    [0.03, 34],
    [0.5, 2],
    [1, 1],
    [5, 1],
    [0, 100],
  ])('for a share of at most %d are %i', (share, needed) => {
    expect(samplesForShare(share)).toBe(needed);
  });
});

describe('a promise', () => {
  const claim = (holds: boolean, samples: number, needed: number, allowedShare: number, count: number) =>
    judgeClaim({ holds, samples, needed, beyond: { allowedShare, count } });

  it.each([
    ['of p95 with 20 quick answers', claim(true, 20, 20, 0.05, 0), 'pass'],
    ['of p95 with 19 quick answers', claim(true, 19, 20, 0.05, 0), 'unproven'],
    ['of p95 with one slow answer alone', claim(false, 1, 20, 0.05, 1), 'unproven'],
    ['of p95 with two slow answers of two', claim(false, 2, 20, 0.05, 2), 'fail'],
    ['of p95 with two slow answers of ten', claim(false, 10, 20, 0.05, 2), 'unproven'],
    [
      'of p99 with one slow answer alone, at the limit of the test',
      claim(false, 1, 100, 0.01, 1),
      'unproven',
    ],
    ['of p99 with two slow answers of two', claim(false, 2, 100, 0.01, 2), 'fail'],
    ['of 1 % errors with 1 of 1, at the limit of the test', claim(false, 1, 100, 0.01, 1), 'unproven'],
    ['of 1 % errors with 1 of 50', claim(false, 50, 100, 0.01, 1), 'unproven'],
    ['of 1 % errors with 3 of 50', claim(false, 50, 100, 0.01, 3), 'unproven'],
    ['of 1 % errors with 4 of 50', claim(false, 50, 100, 0.01, 4), 'fail'],
    ['of 1 % errors with 2 of 100', claim(false, 100, 100, 0.01, 2), 'fail'],
    ['of no error at all with one', claim(false, 1, 100, 0, 1), 'fail'],
    ['of no error at all with 99 good', claim(true, 99, 100, 0, 0), 'unproven'],
    ['that is no share, below its number', judgeClaim({ holds: false, samples: 1, needed: 20 }), 'unproven'],
    ['on an average of one sample', judgeClaim({ holds: false, samples: 1, needed: 1 }), 'fail'],
  ])('%s', (_title, status, expected) => {
    expect(status).toBe(expected);
  });

  it('that holds never fails, and one with enough samples is never unproven', () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (holds, samples, allowedShare, part) => {
          const needed = samplesForShare(allowedShare);
          const count = Math.floor(part * samples);
          const status = judgeClaim({ holds, samples, needed, beyond: { allowedShare, count } });
          if (holds) expect(status).not.toBe('fail');
          if (samples >= needed) expect(status).toBe(holds ? 'pass' : 'fail');
          else expect(status).not.toBe('pass');
        },
      ),
    );
  });

  it('fails by chance in at most 1 % of runs that keep it', () => {
    let broken = 0;
    const runs = 4000;
    let seed = 7;
    const draw = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let run = 0; run < runs; run++) {
      const samples = 15;
      const count = Array.from({ length: samples }, draw).filter((value) => value < 0.05).length;
      if (claim(count === 0, samples, 20, 0.05, count) === 'fail') broken++;
    }
    expect(broken / runs).toBeLessThan(0.01);
    expect(broken).toBeGreaterThan(0);
  });
});
