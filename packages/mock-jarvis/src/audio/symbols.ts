/** Sampling rate of synthesized audio, in hertz. */
export const SYNTHESIS_RATE = 22_050;
/**
 * Samples of one symbol: about 50 ms, 20 bytes of text per second. A multiple of three, so that its base64 has no
 * padding and can be concatenated.
 */
export const SYMBOL_SAMPLES = 1101;

/**
 * The synthesized voice: each byte of the text is a chord of two tones, as on a telephone keypad, one of sixteen low
 * and one of sixteen high ones. All are multiples of 100 Hz, hence orthogonal over any multiple of 10 ms, and survive
 * resampling down to 8 kHz.
 */
export const LOW_TONES_HZ = Array.from({ length: 16 }, (_, index) => 300 + 100 * index);
/** The high tones of the chords. */
export const HIGH_TONES_HZ = Array.from({ length: 16 }, (_, index) => 2000 + 100 * index);

const PEAK = 9000;
const FADE_SAMPLES = 110;

function renderSymbol(byte: number): Buffer {
  const low = LOW_TONES_HZ[byte >>> 4]!;
  const high = HIGH_TONES_HZ[byte & 15]!;
  const pcm = Buffer.alloc(SYMBOL_SAMPLES * 2);
  for (let index = 0; index < SYMBOL_SAMPLES; index += 1) {
    // Raised-cosine ends, so that neighbouring chords join without a click.
    const edge = Math.min(1, index / FADE_SAMPLES, (SYMBOL_SAMPLES - 1 - index) / FADE_SAMPLES);
    const envelope = 0.5 - 0.5 * Math.cos(Math.PI * edge);
    const phase = (2 * Math.PI * index) / SYNTHESIS_RATE;
    const value = PEAK * envelope * (Math.sin(phase * low) + Math.sin(phase * high));
    pcm.writeInt16LE(Math.round(value), index * 2);
  }
  return pcm;
}

const rendered = new Map<number, string>();

/** The samples of a byte as base64: 16-bit little-endian PCM. Rendered once per byte value. */
export function symbolBase64(byte: number): string {
  let text = rendered.get(byte);
  if (text === undefined) {
    text = renderSymbol(byte).toString('base64');
    rendered.set(byte, text);
  }
  return text;
}
