import { CORE_PATTERNS, readWavHeader, type WavHeader } from '@jarvis-load/jarvis';

const BASE64 = new RegExp(CORE_PATTERNS.base64);

/**
 * Sound, first channel only. An `Int16Array` has samples at 16-bit scale and may be a view of the bytes that were read, which
 * must then not change; a `Float32Array` has them from -1 to 1. Neither transcription nor `soundKey` depends on the scale.
 */
export interface Sound {
  readonly samples: Int16Array | Float32Array;
  readonly sampleRate: number;
  readonly durationMs: number;
}

function sampleReader(
  bytes: Buffer,
  { bitsPerSample, encoding }: WavHeader,
): ((at: number) => number) | undefined {
  if (encoding === 'float') {
    if (bitsPerSample === 64) return (at) => bytes.readDoubleLE(at);
    return bitsPerSample === 32 ? (at) => bytes.readFloatLE(at) : undefined;
  }
  switch (bitsPerSample) {
    case 8:
      return (at) => (bytes[at]! - 128) / 128;
    case 16:
      return (at) => bytes.readInt16LE(at) / 32_768;
    case 24:
      return (at) => bytes.readIntLE(at, 3) / 8_388_608;
    case 32:
      return (at) => bytes.readInt32LE(at) / 2_147_483_648;
    default:
      return undefined;
  }
}

/** 16-bit samples without a loop over them; assumes a little-endian machine, as all common platforms of Node are. */
function viewSamples(pcm: Buffer): Int16Array {
  const aligned = pcm.byteOffset % 2 === 0 ? pcm : Buffer.from(new Uint8Array(pcm).buffer);
  return new Int16Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 1);
}

/** Reads a base64 WAV; returns the reason as a string when it is not one. */
export function readWav(base64: string): Sound | string {
  // Checked here because `Buffer.from` skips characters that are not base64.
  if (!BASE64.test(base64)) return 'is not base64';
  return readWavBytes(Buffer.from(base64, 'base64'));
}

/** Reads a WAV; returns the reason as a string when it is not one. */
export function readWavBytes(bytes: Buffer): Sound | string {
  const header = readWavHeader(bytes);
  if (header === undefined) return 'is not a PCM WAV file';
  const read = sampleReader(bytes, header);
  if (read === undefined) {
    const expected = header.encoding === 'float' ? '32 or 64 as floating point' : '8, 16, 24 or 32';
    return `has ${header.bitsPerSample} bits per sample, expected ${expected}`;
  }
  if (header.dataOffset + header.dataBytes > bytes.length) return 'is a WAV file that was cut off';
  const durationMs = Math.round(header.durationMs);
  if (header.bitsPerSample === 16 && header.channels === 1) {
    const pcm = bytes.subarray(header.dataOffset, header.dataOffset + header.dataBytes);
    return { samples: viewSamples(pcm), sampleRate: header.sampleRate, durationMs };
  }
  const frameBytes = (header.bitsPerSample / 8) * header.channels;
  const samples = new Float32Array(Math.floor(header.dataBytes / frameBytes));
  for (let index = 0; index < samples.length; index += 1) {
    samples[index] = read(header.dataOffset + index * frameBytes);
  }
  return { samples, sampleRate: header.sampleRate, durationMs };
}
