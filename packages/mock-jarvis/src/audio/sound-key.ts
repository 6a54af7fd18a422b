import type { Sound } from './read-wav.ts';

/**
 * Identifies a sound by its samples only, independent of other WAV chunks: FNV-1a over the samples at 16-bit scale, and
 * their number; not over the sample rate. Keys are compared within one process, never stored.
 */
export function soundKey({ samples }: Sound): {
  readonly key: string;
  readonly hash: number;
  readonly isSilent: boolean;
} {
  let hash = 0x811c9dc5;
  let isSilent = true;
  // Of other depths samples are from -1 to 1.
  const scale = samples instanceof Int16Array ? 1 : 32_768;
  for (const sample of samples) {
    if (sample !== 0) isSilent = false;
    hash = Math.imul(hash ^ (sample * scale), 0x01000193);
  }
  hash >>>= 0;
  return { key: `${hash}/${samples.length}`, hash, isSilent };
}
