/**
 * Fields of a WAV header. Only the encoding (uncompressed samples) is checked: a caller that reads samples compares `dataOffset + dataBytes` with
 * the length of the file, as `decodeWav` does. A program that writes to a pipe does not know the length beforehand, and leaves
 * a placeholder: then the samples reach to the end of the file.
 */
export interface WavHeader {
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
  /** `float`: IEEE floating point, as programs write that compute with it (scipy, PyTorch). */
  readonly encoding: 'integer' | 'float';
  /** Where the samples start, in bytes. */
  readonly dataOffset: number;
  /** Length of the samples, in bytes, as the header says; of a placeholder, what follows the header. */
  readonly dataBytes: number;
  readonly durationMs: number;
}

/** A decoded 16-bit WAV. */
export interface Wav extends WavHeader {
  /** Interleaved if there are several channels. */
  readonly samples: Int16Array;
}

const HEADER_BYTES = 44;
const PCM = 1;
/** Format tags of uncompressed samples. */
const ENCODINGS = new Map<number, WavHeader['encoding']>([
  [PCM, 'integer'],
  [3, 'float'],
]);
/** WAVE_FORMAT_EXTENSIBLE: the first two bytes of its `SubFormat` are the format tag. */
const EXTENSIBLE = 0xfffe;
const SUB_FORMAT_AT = 24;
/** Of espeak-ng and sox; ffmpeg and others write 0x7FFFFFFF or 0xFFFFFFFF, or these without the header. No body is so long. */
const LEAST_PLACEHOLDER = 0x7fff_f000;

const writeTag = (view: DataView, at: number, tag: string): void => {
  for (let index = 0; index < tag.length; index++) view.setUint8(at + index, tag.charCodeAt(index));
};

const readTag = (view: DataView, at: number): string =>
  String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));

/** A RIFF/WAVE file: PCM, 16 bit, mono (Multimedia Programming Interface and Data Specifications 1.0). */
export function encodeWav(samples: Int16Array, sampleRate: number): Uint8Array {
  const dataBytes = samples.length * 2;
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + dataBytes));
  writeTag(view, 0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  writeTag(view, 8, 'WAVE');
  writeTag(view, 12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  writeTag(view, 36, 'data');
  view.setUint32(40, dataBytes, true);
  for (let index = 0; index < samples.length; index++) {
    view.setInt16(HEADER_BYTES + index * 2, samples[index] as number, true);
  }
  return new Uint8Array(view.buffer);
}

/**
 * Reads the header of a WAV of uncompressed samples (PCM or floating point) from its first bytes, skipping unknown chunks;
 * `undefined` when it is none, and when its samples begin after these bytes.
 */
export function readWavHeader(bytes: Uint8Array): WavHeader | undefined {
  const header = findWavHeader(bytes);
  return header === 'beyond' ? undefined : header;
}

/**
 * As `readWavHeader`; `beyond`: it may be a WAV whose samples begin after these bytes.
 * @param fileBytes length of the file that begins with these bytes
 */
export function findWavHeader(bytes: Uint8Array, fileBytes = bytes.length): WavHeader | 'beyond' | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (readTag(view, 0) !== 'RIFF' || readTag(view, 8) !== 'WAVE') return undefined;
  let format: Pick<WavHeader, 'sampleRate' | 'channels' | 'bitsPerSample' | 'encoding'> | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const tag = readTag(view, at);
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag === 'fmt ' && body + 16 <= bytes.length) {
      const encoding = encodingOf(view, body, size);
      if (encoding === undefined) return undefined;
      format = {
        encoding,
        channels: view.getUint16(body + 2, true),
        sampleRate: view.getUint32(body + 4, true),
        bitsPerSample: view.getUint16(body + 14, true),
      };
    } else if (tag === 'data') {
      const bytesPerSecond =
        format === undefined ? 0 : (format.sampleRate * format.channels * format.bitsPerSample) / 8;
      if (format === undefined || bytesPerSecond === 0) return undefined;
      const dataBytes = isPlaceholder(size, view.getUint32(4, true), body) ? fileBytes - body : size;
      return { ...format, dataOffset: body, dataBytes, durationMs: (dataBytes / bytesPerSecond) * 1000 };
    }
    // Chunks are padded to an even length.
    at = body + size + (size % 2);
  }
  return 'beyond';
}

/** @param body where the `fmt ` chunk of `size` bytes begins */
function encodingOf(view: DataView, body: number, size: number): WavHeader['encoding'] | undefined {
  const tag = view.getUint16(body, true);
  const at = body + SUB_FORMAT_AT;
  const isExtended = tag === EXTENSIBLE && size >= SUB_FORMAT_AT + 2 && at + 2 <= view.byteLength;
  return ENCODINGS.get(isExtended ? view.getUint16(at, true) : tag);
}

/**
 * Whether the length of the samples is none. An empty recording has 0, too: it is a placeholder where the file would end before
 * whatever follows.
 */
function isPlaceholder(dataBytes: number, riffBytes: number, dataOffset: number): boolean {
  return dataBytes === 0 ? riffBytes + 8 <= dataOffset : dataBytes >= LEAST_PLACEHOLDER;
}

/** Reads a 16-bit PCM WAV; `undefined` when it is not one or is shorter than its header says. */
export function decodeWav(bytes: Uint8Array): Wav | undefined {
  const header = readWavHeader(bytes);
  if (header?.encoding !== 'integer' || header.bitsPerSample !== 16) return undefined;
  if (header.dataOffset + header.dataBytes > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const samples = new Int16Array(Math.floor(header.dataBytes / 2));
  for (let index = 0; index < samples.length; index++) {
    samples[index] = view.getInt16(header.dataOffset + index * 2, true);
  }
  return { ...header, samples };
}
