import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeWav, encodeBase64, encodeWav, readWavHeader, utf8Length } from '../src/index.ts';
import { audioDurationMs, refuseAudio } from '../src/data/check-audio.ts';

describe('base64', () => {
  it('equals that of the platform, and comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64(text.replace(/=+$/, ''))).toEqual(bytes);
      }),
    );
  });

  it('holds over the length of one chunk', () => {
    const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => (index * 7) % 256);
    expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  });

  it('decodes only the beginning when asked', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(250), (bytes, max) => {
        expect(decodeBase64(encodeBase64(bytes), max)).toEqual(bytes.slice(0, max));
      }),
    );
  });

  it.each(['a', 'ab=', 'abc_', 'ab-d', 'a b=', 'ab==cd==', 'é===', 'data:,x'])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});

describe('WAV', () => {
  it('samples and rate come back', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ maxLength: 500 }),
        fc.constantFrom(8000, 16_000, 22_050),
        (samples, rate) => {
          const wav = decodeWav(encodeWav(samples, rate));
          expect(wav?.samples).toEqual(samples);
          expect(wav).toMatchObject({ sampleRate: rate, channels: 1, bitsPerSample: 16 });
          expect(wav?.durationMs).toBeCloseTo((samples.length / rate) * 1000, 6);
        },
      ),
    );
  });

  it.each([
    ['floating point', 3, 0, 'float'],
    ['extensible, of integers', 0xfffe, 1, 'integer'],
    ['extensible, of floating point', 0xfffe, 3, 'float'],
    ['extensible, of A-law', 0xfffe, 6, undefined],
    ['A-law', 6, 0, undefined],
  ])('of %s', (_name, tag, subFormat, encoding) => {
    // A `fmt ` chunk of 40 bytes, as WAVE_FORMAT_EXTENSIBLE has it; 16,000 samples of 4 bytes at 16 kHz.
    const bytes = Buffer.alloc(68 + 64_000);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(bytes.length - 8, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(40, 16);
    bytes.writeUInt16LE(tag, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(16_000, 24);
    bytes.writeUInt32LE(64_000, 28);
    bytes.writeUInt16LE(4, 32);
    bytes.writeUInt16LE(32, 34);
    bytes.writeUInt16LE(subFormat, 44);
    bytes.write('data', 60);
    bytes.writeUInt32LE(64_000, 64);
    const header = readWavHeader(bytes);
    expect(header?.encoding).toBe(encoding);
    expect(header?.durationMs).toBe(encoding && 1000);
    expect(refuseAudio(bytes.toString('base64')) === undefined).toBe(encoding !== undefined);
    expect(decodeWav(bytes)).toBeUndefined();
  });

  it('is read through a chunk it does not know', () => {
    const wav = encodeWav(Int16Array.of(1, 2, 3), 8000);
    const extra = Uint8Array.from([0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0]);
    const mixed = new Uint8Array([...wav.slice(0, 36), ...extra, ...wav.slice(36)]);
    expect(decodeWav(mixed)?.samples).toEqual(Int16Array.of(1, 2, 3));
  });

  it('is accepted as an answer where its samples begin far behind the start', () => {
    const wav = encodeWav(Int16Array.of(1, 2, 3, 4), 8000);
    for (const size of [3, 600, 100_000]) {
      const chunk = new Uint8Array(8 + size + (size % 2));
      chunk.set([0x4a, 0x55, 0x4e, 0x4b]);
      new DataView(chunk.buffer).setUint32(4, size, true);
      const long = encodeBase64(new Uint8Array([...wav.slice(0, 36), ...chunk, ...wav.slice(36)]));
      expect(refuseAudio(long), `${size}`).toBeUndefined();
      expect(audioDurationMs(long)).toBe(0.5);
      expect(refuseAudio(long.slice(0, -4))).toBe('is a WAV that was cut off');
    }
    const noData = encodeBase64(new Uint8Array([...wav.slice(0, 36), ...new Uint8Array(2000)]));
    expect(refuseAudio(noData)).toBe('is base64, but not of a PCM WAV');
  });

  it.each([
    ['espeak-ng, sox', 0x7fff_f024, 0x7fff_f000],
    ['ffmpeg', 0xffff_ffff, 0xffff_ffff],
    ['2 GiB', 0x7fff_ffff, 0x7fff_ffff],
    ['4 GiB without the header', 0xffff_ffff, 0xffff_ffff - 44],
    ['no length', 0, 0],
    ['the length of the header', 36, 0],
  ])('that was written to a pipe reaches to its end: %s', (_, riff, data) => {
    const samples = Int16Array.from({ length: 800 }, (__, index) => index * 3);
    const wav = encodeWav(samples, 8000);
    const view = new DataView(wav.buffer);
    view.setUint32(4, riff, true);
    view.setUint32(40, data, true);
    const base64 = encodeBase64(wav);
    expect(refuseAudio(base64)).toBeUndefined();
    expect(audioDurationMs(base64)).toBe(100);
    expect(decodeWav(wav)?.samples).toEqual(samples);
    expect(refuseAudio(encodeBase64(wav.slice(0, 44)))).toBe('is a WAV without a single sample');
  });

  it('whose length is none of these is still cut off, or empty', () => {
    const wav = encodeWav(Int16Array.of(1, 2, 3, 4), 8000);
    const view = new DataView(wav.buffer);
    view.setUint32(40, 0x7fff_efff, true);
    expect(refuseAudio(encodeBase64(wav))).toBe('is a WAV that was cut off');
    // No samples, and a chunk behind them.
    view.setUint32(40, 0, true);
    expect(refuseAudio(encodeBase64(wav))).toBe('is a WAV without a single sample');
  });

  it('never throws on foreign or cut bytes', () => {
    const wav = encodeWav(
      Int16Array.from({ length: 50 }, (_, i) => i),
      8000,
    );
    fc.assert(
      fc.property(fc.nat(wav.length), fc.uint8Array({ maxLength: 60 }), (length, noise) => {
        expect(decodeWav(wav.slice(0, length))?.samples.length ?? 50).toBe(50);
        const patched = Uint8Array.from(wav);
        patched.set(noise.slice(0, 44), 0);
        decodeWav(patched);
      }),
    );
  });
});

describe('utf8Length', () => {
  it('counts as UTF-8 does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});
