import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter, RunningMean } from '../src/recorder/rice-code.ts';

const number = fc.oneof(
  fc.nat(3),
  fc.nat(1000),
  fc.maxSafeNat(),
  fc.constantFrom(0, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53),
);

function cut(): never {
  throw new Error('cut');
}

describe('numbers as bits', () => {
  it('come back as they were, in every code', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(number, fc.nat(24)), { maxLength: 200 }), (numbers) => {
        const writer = new BitWriter();
        const mean = new RunningMean(4);
        for (const [value, length] of numbers) {
          writer.rice(value, mean);
          writer.wide(value);
          writer.bits(value % 2 ** length, length);
        }
        const reader = new BitReader(writer.bytes, cut);
        const known = new RunningMean(4);
        for (const [value, length] of numbers) {
          expect(reader.rice(known)).toBe(value);
          expect(reader.wide()).toBe(value);
          expect(reader.bits(length)).toBe(value % 2 ** length);
        }
        expect(() => reader.bits(8)).toThrow('cut');
      }),
    );
  });

  it('take few bits where those before foretell them', () => {
    const writer = new BitWriter();
    const mean = new RunningMean(4);
    for (let k = 0; k < 8000; k++) writer.rice(k % 7 === 0 ? 1 : 0, mean);
    expect(writer.bytes.length).toBeLessThan(1250);
  });
});
