import { encodeBase64 } from './base64.ts';
import { encodeWav } from './wav.ts';

/** What transcription wants: 16 kHz, 16 bit, mono. */
const SAMPLE_RATE = 16_000;
/** One tenth of a second, repeated: cheap to make inside k6, where every user has a runtime of its own. */
const PERIOD = SAMPLE_RATE / 10;
const TONE_SHARE = 0.4;
const NOISE_SHARE = 0.1;

/** How many different recordings there are of each length. */
export const RECORDINGS = 3;

const made = new Map<string, string>();

/**
 * A WAV of so many seconds (16 kHz, 16 bit, mono) as base64: a tone under some noise, the same for the same
 * arguments. Made once per length and variant.
 * @param variant 0 to {@link RECORDINGS} - 1
 */
export function speechBase64(seconds: number, variant: number): string {
  const key = `${seconds}/${variant}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const audio = encodeBase64(encodeWav(makeTone(seconds, variant), SAMPLE_RATE));
  made.set(key, audio);
  return audio;
}

/** Samples of a tone under seeded noise, 16 kHz. */
function makeTone(seconds: number, variant: number): Int16Array {
  const frequencyHz = 220 + 110 * variant;
  const random = noise(variant + 1);
  const period = Int16Array.from({ length: PERIOD }, (_, index) => {
    const tone = Math.sin((2 * Math.PI * frequencyHz * index) / SAMPLE_RATE) * TONE_SHARE;
    return Math.round((tone + (random() - 0.5) * 2 * NOISE_SHARE) * 32_767);
  });
  const samples = new Int16Array(Math.round(seconds * SAMPLE_RATE));
  for (let at = 0; at < samples.length; at += PERIOD) {
    samples.set(period.subarray(0, Math.min(PERIOD, samples.length - at)), at);
  }
  return samples;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to sound like noise. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
