/** A stream of numbers in [0, 1) with 53 random bits each. */
export type Random = () => number;

/**
 * The random stream of one consumer (a user, a schedule, ...) in a run: the same seed and stream ids always give the
 * same numbers, and streams with different ids are independent, so adding a user does not change any other user's
 * stream. A change here changes every plan that a seed gives.
 *
 * Generator: sfc32 by Chris Doty-Humphrey (PractRand), 128 bits of state, passes PractRand and BigCrush; its counter
 * makes every period at least 2^32 draws. Each word of the seed and the ids goes through the finaliser of MurmurHash3.
 *
 * @param seed integer; all 53 bits are used
 * @param streamIds integers that identify the stream
 */
export function deriveRandom(seed: number, ...streamIds: readonly number[]): Random {
  let a = 0x9e3779b9 | 0;
  let b = 0x243f6a88 | 0;
  let c = 0xb7e15162 | 0;
  for (const id of [seed, ...streamIds]) {
    a = mix(a ^ (id | 0));
    b = mix((b + a) ^ Math.floor(id / 0x1_0000_0000));
    c = mix((c ^ a) + b);
    a = (a + c) | 0;
  }
  let counter = 1;

  const next32 = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + result;
    c |= 0;
    return result;
  };
  // The reference implementation discards 12 to 15 rounds after seeding.
  for (let round = 0; round < 15; round++) next32();

  return () => {
    const high = next32() >>> 5;
    const low = next32() >>> 6;
    return (high * 0x400_0000 + low) / 0x20_0000_0000_0000;
  };
}

function mix(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
