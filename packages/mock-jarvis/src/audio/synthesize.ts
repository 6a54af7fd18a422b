import { crc16 } from './checksum.ts';
import { STREAM_RATE, SYMBOL_SAMPLES, SYNTHESIS_RATE, symbolBase64, symbolPcm } from './symbols.ts';

/** Synthesized speech. */
export interface Speech {
  /** A WAV: PCM, 16 bit, mono, 22 050 Hz. */
  readonly base64: string;
  readonly durationMs: number;
  readonly sampleRate: number;
}

// Pads the header to 78 bytes, a multiple of three: its base64 has no padding, so header and symbols can be
// concatenated as text.
const SOFTWARE = 'jarvis-mock\0\0\0';
const HEADER_BYTES = 44 + 20 + SOFTWARE.length;

function header(dataBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(SYNTHESIS_RATE, 24);
  bytes.writeUInt32LE(SYNTHESIS_RATE * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('LIST', 36);
  bytes.writeUInt32LE(12 + SOFTWARE.length, 40);
  bytes.write('INFOISFT', 44);
  bytes.writeUInt32LE(SOFTWARE.length, 52);
  bytes.write(SOFTWARE, 56);
  bytes.write('data', 56 + SOFTWARE.length);
  bytes.writeUInt32LE(dataBytes, 60 + SOFTWARE.length);
  return bytes;
}

/** Synthesizes a text: one chord per UTF-8 byte and two for a checksum, about 50 ms each. `transcribe` decodes it. */
export function synthesize(text: string): Speech {
  const bytes = Buffer.from(text, 'utf8');
  const check = crc16(bytes);
  const symbols = bytes.length + 2;
  const parts = [header(symbols * SYMBOL_SAMPLES * 2).toString('base64')];
  for (const byte of bytes) parts.push(symbolBase64(byte));
  parts.push(symbolBase64(check >>> 8), symbolBase64(check & 255));
  const durationMs = Math.round((symbols * SYMBOL_SAMPLES * 1000) / SYNTHESIS_RATE);
  return { base64: parts.join(''), durationMs, sampleRate: SYNTHESIS_RATE };
}

/** The same at 24 000 Hz, without a header: 16-bit little-endian samples of one channel. */
export function synthesizePcm(text: string): Buffer {
  const said = Buffer.from(text, 'utf8');
  const check = crc16(said);
  const bytes = [...said, check >>> 8, check & 255];
  const samplesPerSymbol = (SYMBOL_SAMPLES * STREAM_RATE) / SYNTHESIS_RATE;
  // Whole samples whose starts do not drift from the exact ones, which `transcribe` listens at.
  const startOf = (index: number): number => Math.round(index * samplesPerSymbol);
  return Buffer.concat(bytes.map((byte, index) => symbolPcm(byte, startOf(index + 1) - startOf(index))));
}
