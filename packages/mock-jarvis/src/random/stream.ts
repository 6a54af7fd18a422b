const TO_UNIT = 2 ** -32;

// Finalizer of MurmurHash3: every input bit affects every output bit.
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 32-bit hash of a text (FNV-1a, then mixed). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(hash);
}

/**
 * A stateless seeded random source: a value depends only on the seed, the name of the stream, the ordinal of the
 * request and a lane. Request 17 of an operation therefore gets the same values in every run, independent of other
 * operations and of how many numbers a latency model draws.
 */
export class RandomStream {
  readonly #key: number;

  constructor(seed: number, name: string) {
    this.#key = mix(mix(seed) ^ hashText(name));
  }

  /** 32 random bits. */
  bits(ordinal: number, lane: number): number {
    return mix(mix(this.#key ^ Math.imul(ordinal, 0x9e3779b1)) ^ Math.imul(lane + 1, 0x7feb352d));
  }

  /** In the open interval (0, 1), so that its logarithm is finite. */
  unit(ordinal: number, lane: number): number {
    return (this.bits(ordinal, lane) + 0.5) * TO_UNIT;
  }
}
