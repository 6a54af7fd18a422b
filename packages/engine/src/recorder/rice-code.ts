/*
 * Whole numbers from 0 to 2^53 as bits, the highest first, in two codes:
 *
 *   wide    6 bits: how many bits follow | the number without leading zeros
 *   Rice    the number above its lowest k bits in unary: as many 1, then 0 | the lowest k bits.
 *           From 20 in unary on: 20 times 1, then the number in the wide code
 *
 * k follows from the mean of the numbers before, as in JPEG-LS (ISO/IEC 14495-1, A.5.1): it is the best one for numbers that are
 * distributed geometrically with this mean (A. Kiely, Selecting the Golomb Parameter in Rice Coding, 2004). Gaps between
 * random values are, so that they take hardly more bits than their entropy, without a table of codes.
 *
 * Must hold:
 * - Journals hold these bits: the codes, `RunningMean` and the constants of both are part of `RECORD_FORMAT`.
 * - The reader makes the same calls as the writer, in the same order, with a mean for each kind that begins with the same guess.
 * - Nothing is checked when written: a number is whole and at least 0, and fits into its `length`, or other bits are damaged.
 */

/** Ones of a number that is far above the mean. */
const LONGEST_UNARY = 20;
/** Of the lowest bits of a Rice code; the bits of one step have to fit in 32. */
const MOST_LOW_BITS = 24;
/** Numbers beyond do not count for the mean. */
const MOST_LEARNT = 2 ** 24;
/** Bits of a wide number that are written at once. */
const WIDE_STEP = 16;
/** The mean is that of about as many numbers, the later ones counting more. */
const MEMORY = 12;

/** The mean of the numbers of one kind so far, from which their code follows; writer and reader each keep one. */
export class RunningMean {
  #sum: number;
  #count = 1;

  /** @param first a guess */
  constructor(first: number) {
    this.#sum = first;
  }

  /** How many of the lowest bits are written as they are. */
  get lowBits(): number {
    const wanted = 0.481 * (this.#sum + this.#count / 2);
    let bits = 0;
    for (let reached = this.#count; reached < wanted && bits < MOST_LOW_BITS; reached *= 2) bits++;
    return bits;
  }

  learn(value: number): void {
    this.#sum += Math.min(value, MOST_LEARNT);
    this.#count++;
    if (this.#count < MEMORY) return;
    this.#sum /= 2;
    this.#count /= 2;
  }
}

/** Writes numbers one after the other. */
export class BitWriter {
  #bytes = new Uint8Array(16_384);
  #end = 0;
  #held = 0;
  #heldBits = 0;

  /** @param length at most 24 */
  bits(value: number, length: number): void {
    this.#held = (this.#held << length) | value;
    this.#heldBits += length;
    if (this.#end + 4 > this.#bytes.length) this.#grow();
    while (this.#heldBits >= 8) {
      this.#heldBits -= 8;
      this.#bytes[this.#end++] = this.#held >>> this.#heldBits;
    }
  }

  wide(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    let left = high === 0 ? bitLength(value) : 32 + bitLength(high);
    this.bits(left, 6);
    while (left > 0) {
      const step = Math.min(left, WIDE_STEP);
      left -= step;
      this.bits(Math.floor(value / 2 ** left) % 2 ** step, step);
    }
  }

  rice(value: number, mean: RunningMean): void {
    const low = mean.lowBits;
    const unary = value < 2 ** 31 ? value >>> low : LONGEST_UNARY;
    if (unary < LONGEST_UNARY) {
      this.bits((1 << (unary + 1)) - 2, unary + 1);
      this.bits(value & ((1 << low) - 1), low);
    } else {
      this.bits((1 << LONGEST_UNARY) - 1, LONGEST_UNARY);
      this.wide(value);
    }
    mean.learn(value);
  }

  /** All that was written, filled up with zeros to whole bytes; valid until more is written. */
  get bytes(): Uint8Array {
    if (this.#end === this.#bytes.length) this.#grow();
    if (this.#heldBits > 0) this.#bytes[this.#end] = this.#held << (8 - this.#heldBits);
    return this.#bytes.subarray(0, this.#end + (this.#heldBits > 0 ? 1 : 0));
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#bytes.length);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what a {@link BitWriter} wrote. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #cut: () => never;
  #next = 0;
  #held = 0;
  #heldBits = 0;

  /** @param cut throws, where the bytes end in a number */
  constructor(bytes: Uint8Array, cut: () => never) {
    this.#bytes = bytes;
    this.#cut = cut;
  }

  /** @param length at most 24 */
  bits(length: number): number {
    while (this.#heldBits < length) {
      this.#held = (this.#held << 8) | (this.#bytes[this.#next++] ?? this.#cut());
      this.#heldBits += 8;
    }
    this.#heldBits -= length;
    return (this.#held >>> this.#heldBits) & ((1 << length) - 1);
  }

  wide(): number {
    let value = 0;
    for (let length = this.bits(6); length > 0;) {
      const step = Math.min(length, WIDE_STEP);
      value = value * 2 ** step + this.bits(step);
      length -= step;
    }
    return value;
  }

  rice(mean: RunningMean): number {
    const low = mean.lowBits;
    let unary = 0;
    while (unary < LONGEST_UNARY && this.bits(1) === 1) unary++;
    const value = unary < LONGEST_UNARY ? (unary << low) + this.bits(low) : this.wide();
    mean.learn(value);
    return value;
  }
}

/** Of a number below 2^32. */
function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}
