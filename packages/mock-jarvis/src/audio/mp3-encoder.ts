import { Mp3Encoder as Lame } from '@breezystack/lamejs';
import { STREAM_RATE } from './symbols.ts';

const KILOBITS_PER_SECOND = 64;

/**
 * Encodes streamed speech as MP3: mono, 64 kbit/s, piece by piece. An encoder has state: the caller makes one for each answer,
 * passes pieces of whole samples in order, and sends what `end()` returns last.
 */
export class Mp3Encoder {
  readonly #lame = new Lame(1, STREAM_RATE, KILOBITS_PER_SECOND);

  /** @returns the frames that are complete, maybe none. @param pcm samples as of `synthesizePcm` */
  encode(pcm: Buffer): Buffer {
    const samples = new Int16Array(pcm.length / 2);
    for (let index = 0; index < samples.length; index += 1) samples[index] = pcm.readInt16LE(index * 2);
    return Buffer.from(this.#lame.encodeBuffer(samples));
  }

  /** The last frames. */
  end(): Buffer {
    return Buffer.from(this.#lame.flush());
  }
}
