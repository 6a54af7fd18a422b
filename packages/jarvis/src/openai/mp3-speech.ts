import CodecParser, { type CodecFrame } from 'codec-parser';
import type { SpeechFormat } from '../data/audio-meter.ts';

/**
 * MP3: the length of its frames. A frame counts when the one after it begins, which confirms it, the last one at the end.
 * An entry of its own (`./mp3-speech`): the plain entry is bundled for k6, without `codec-parser`.
 */
export const MP3_SPEECH: SpeechFormat = {
  name: 'mp3',
  meter() {
    const parser = new CodecParser<CodecFrame>('audio/mpeg', { enableFrameCRC32: false });
    return {
      add: (bytes) => lengthOf(parser.parseChunk(bytes)),
      end: () => lengthOf(parser.flush()),
    };
  },
};

function lengthOf(frames: Iterator<CodecFrame>): number {
  let ms = 0;
  for (let next = frames.next(); next.done !== true; next = frames.next()) ms += next.value.duration;
  return ms;
}
