import type { Sound } from './read-wav.ts';

/** Tells sounds apart by their samples alone, whatever chunks the file has besides: FNV-1a over 16 bits each, and the number. */
export function soundKey({ samples }: Sound): {
  readonly key: string;
  readonly hash: number;
  readonly isSilent: boolean;
} {
  let hash = 0x811c9dc5;
  let isSilent = true;
  for (const sample of samples) {
    if (sample !== 0) isSilent = false;
    hash = Math.imul(hash ^ (Number.isInteger(sample) ? sample : sample * 32_768), 0x01000193);
  }
  hash >>>= 0;
  return { key: `${hash}/${samples.length}`, hash, isSilent };
}
