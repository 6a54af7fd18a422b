/** Sampling rate of synthesized audio, in hertz. */
export const SYNTHESIS_RATE = 22_050;
/**
 * Samples of one symbol: about 50 ms, 20 bytes of text per second. A multiple of three, so that its base64 has no
 * padding and can be concatenated.
 */
export const SYMBOL_SAMPLES = 1101;

/** Sampling rate of `/v1/audio/speech`, in hertz: that of the OpenAI API, whose PCM has no header to say it. */
export const STREAM_RATE = 24_000;
/** Most samples of one symbol at that rate. */
const STREAM_SYMBOL_SAMPLES = Math.ceil((SYMBOL_SAMPLES * STREAM_RATE) / SYNTHESIS_RATE);

/**
 * The synthesized voice: each byte of the text is a chord of two tones, as on a telephone keypad, one of sixteen low
 * and one of sixteen high ones. All are multiples of 100 Hz, hence orthogonal over any multiple of 10 ms, and survive
 * resampling down to 8 kHz.
 */
export const LOW_TONES_HZ = Array.from({ length: 16 }, (_, index) => 300 + 100 * index);
/** The high tones of the chords. */
export const HIGH_TONES_HZ = Array.from({ length: 16 }, (_, index) => 2000 + 100 * index);

const PEAK = 9000;
const FADE_SECONDS = 0.005;

/** The samples of a byte: 16-bit little-endian PCM. */
function renderSymbol(byte: number, samples: number, rate: number): Buffer {
  const low = LOW_TONES_HZ[byte >>> 4]!;
  const high = HIGH_TONES_HZ[byte & 15]!;
  const fade = Math.round(FADE_SECONDS * rate);
  const pcm = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index += 1) {
    // Raised-cosine ends, so that neighbouring chords join without a click.
    const edge = Math.min(1, index / fade, (samples - 1 - index) / fade);
    const envelope = 0.5 - 0.5 * Math.cos(Math.PI * edge);
    const phase = (2 * Math.PI * index) / rate;
    const value = PEAK * envelope * (Math.sin(phase * low) + Math.sin(phase * high));
    pcm.writeInt16LE(Math.round(value), index * 2);
  }
  return pcm;
}

const asBase64 = new Map<number, string>();

/** The samples of a byte as base64. Rendered once per byte value. */
export function symbolBase64(byte: number): string {
  let text = asBase64.get(byte);
  if (text === undefined) {
    text = renderSymbol(byte, SYMBOL_SAMPLES, SYNTHESIS_RATE).toString('base64');
    asBase64.set(byte, text);
  }
  return text;
}

const asPcm = new Map<number, Buffer>();

/**
 * The samples of a byte at `STREAM_RATE`, with `STREAM_SYMBOL_SAMPLES` of them or one less. Rendered once per byte value: the
 * caller does not change them.
 */
export function symbolPcm(byte: number, samples: number): Buffer {
  let pcm = asPcm.get(byte);
  if (pcm === undefined) {
    pcm = renderSymbol(byte, STREAM_SYMBOL_SAMPLES, STREAM_RATE);
    asPcm.set(byte, pcm);
  }
  return pcm.subarray(0, samples * 2);
}
