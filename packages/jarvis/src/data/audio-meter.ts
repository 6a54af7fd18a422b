import { readWavHeader } from './wav.ts';

/**
 * Tells how much audio the pieces of one stream are.
 *
 * Must hold:
 * - A meter has state: each stream has its own. The caller passes every piece in order of arrival, then calls `end()` once; the
 *   length of the audio is the sum of all returned values.
 * - k6 bundles this file: a format that needs a parser has a file and an entry of its own (`openai/mp3-speech.ts`).
 */
export interface AudioMeter {
  /** @returns milliseconds of audio that these bytes complete */
  add(bytes: Uint8Array): number;
  /** @returns milliseconds of audio that the end of the stream completes */
  end(): number;
}

/** A format of streamed speech. */
export interface SpeechFormat {
  /** `response_format` of the OpenAI-style API. */
  readonly name: string;
  /** For one stream. */
  meter(): AudioMeter;
}

/** Uncompressed audio. */
export interface AudioFormat {
  /** In hertz. */
  readonly sampleRate: number;
  /** @default 1 */
  readonly channels?: number;
  /** @default 2 */
  readonly bytesPerSample?: number;
}

/** A stream without a header within so many bytes is not a WAV: its audio counts as 0 ms. */
const MOST_HEAD_BYTES = 65_536;

const nothing = (): number => 0;

/** Samples without a header, which is why their rate has to be known. */
export function pcmSpeech({ sampleRate, channels = 1, bytesPerSample = 2 }: AudioFormat): SpeechFormat {
  const msPerByte = 1000 / (sampleRate * channels * bytesPerSample);
  return { name: 'pcm', meter: () => ({ add: ({ length }) => length * msPerByte, end: nothing }) };
}

/** WAV: rate, channels and width of its header; not its length, which a server that streams does not know. */
export const WAV_SPEECH: SpeechFormat = {
  name: 'wav',
  meter() {
    let head = new Uint8Array(0);
    let msPerByte = 0;
    return {
      add(bytes) {
        if (msPerByte > 0 || head.length > MOST_HEAD_BYTES) return bytes.length * msPerByte;
        const joined = new Uint8Array(head.length + bytes.length);
        joined.set(head);
        joined.set(bytes, head.length);
        head = joined;
        const header = readWavHeader(head);
        if (header === undefined) return 0;
        const { sampleRate, channels, bitsPerSample, dataOffset } = header;
        msPerByte = 8000 / (sampleRate * channels * bitsPerSample);
        return (head.length - dataOffset) * msPerByte;
      },
      end: nothing,
    };
  },
};
