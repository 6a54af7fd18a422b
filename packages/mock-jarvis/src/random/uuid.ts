import { RandomStream } from './stream.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const hex32 = (word: number): string =>
  HEX[word >>> 24]! + HEX[(word >>> 16) & 255]! + HEX[(word >>> 8) & 255]! + HEX[word & 255]!;

/** Generates version 4 UUIDs in a sequence determined by the seed. */
export function createUuidSource(seed: number): () => string {
  const stream = new RandomStream(seed, 'uuid');
  let ordinal = 0;
  return () => {
    ordinal += 1;
    const b = hex32((stream.bits(ordinal, 1) & 0xffff0fff) | 0x4000);
    const c = hex32((stream.bits(ordinal, 2) & 0x3fffffff) | 0x80000000);
    return `${hex32(stream.bits(ordinal, 0))}-${b.slice(0, 4)}-${b.slice(4)}-${c.slice(0, 4)}-${c.slice(4)}${hex32(stream.bits(ordinal, 3))}`;
  };
}
