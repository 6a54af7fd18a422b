import { encodeWav, readWavHeader } from '@jarvis-load/jarvis';
import { describe, expect, it } from 'vitest';
import { readWav } from '../src/audio/read-wav.ts';
import type { Sound } from '../src/audio/read-wav.ts';
import { soundKey } from '../src/audio/sound-key.ts';
import { synthesize } from '../src/audio/synthesize.ts';
import { transcribe } from '../src/audio/transcribe.ts';

const TEXTS = [
  'a',
  'Bonjour, test de synthèse vocale numéro 12-34',
  'Voilà : « ça » coûte 5 € — noël, œuf, 😀',
  '\t\n"quotes" \\ and <tags>',
];

function sound(base64: string): Sound {
  const read = readWav(base64);
  if (typeof read === 'string') throw new Error(read);
  return read;
}
const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const samplesOf = (base64: string): Int16Array => sound(base64).samples as Int16Array;

/** Linear interpolation, without a low-pass filter, as simple clients resample. */
function resample(samples: Int16Array, from: number, to: number): Int16Array {
  return Int16Array.from({ length: Math.floor((samples.length * to) / from) }, (_, index) => {
    const at = (index * from) / to;
    const left = Math.floor(at);
    const right = Math.min(left + 1, samples.length - 1);
    return Math.round(samples[left]! + (samples[right]! - samples[left]!) * (at - left));
  });
}

it('hears a recording whose header was written before its length was known', () => {
  const speech = synthesize(TEXTS[1]!);
  const bytes = Buffer.from(speech.base64, 'base64');
  const { dataOffset } = readWavHeader(bytes)!;
  bytes.writeUInt32LE(0x7fff_f000, dataOffset - 4);
  expect(sound(toBase64(bytes))).toEqual(sound(speech.base64));
});

describe('synthesis', () => {
  it('makes a WAV of 22 050 Hz, 16 bit, mono, whose header and length agree', () => {
    const speech = synthesize(TEXTS[1]!);
    const bytes = Buffer.from(speech.base64, 'base64');
    expect(bytes.toString('base64')).toBe(speech.base64);
    const header = readWavHeader(bytes)!;
    expect(header).toMatchObject({ sampleRate: 22_050, channels: 1, bitsPerSample: 16 });
    expect(header.dataOffset + header.dataBytes).toBe(bytes.length);
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
    expect(Math.abs(header.durationMs - speech.durationMs)).toBeLessThan(1);
  });

  it('takes time in proportion to the text', () => {
    const [short, long] = [synthesize('x'.repeat(10)).durationMs, synthesize('x'.repeat(100)).durationMs];
    expect((long - short) / 90).toBeCloseTo(49.93, 1);
  });

  it('is loud enough to hear, and does not clip', () => {
    const peak = samplesOf(synthesize(TEXTS[1]!).base64).reduce(
      (max, value) => Math.max(max, Math.abs(value)),
      0,
    );
    expect(peak).toBeGreaterThan(8000);
    expect(peak).toBeLessThan(32_767);
  });
});

describe('transcription', () => {
  it.each(TEXTS)('hears what the mock said: %j', (text) => {
    expect(transcribe(sound(synthesize(text).base64)).text).toBe(text);
  });

  it('decodes it at another rate, another depth and half the volume', () => {
    const original = samplesOf(synthesize(TEXTS[1]!).base64);
    const quiet = original.map((value) => Math.round(value / 2));
    for (const rate of [16_000, 44_100, 48_000]) {
      const wav = toBase64(encodeWav(resample(quiet, 22_050, rate), rate));
      expect(transcribe(sound(wav)).text).toBe(TEXTS[1]);
    }
    const eightBit = Float32Array.from(original, (value) => Math.round(value / 256) / 128);
    expect(transcribe({ samples: eightBit, sampleRate: 22_050, durationMs: 0 }).text).toBe(TEXTS[1]);
  });

  it('does not decode it when a piece is missing', () => {
    const original = samplesOf(synthesize(TEXTS[1]!).base64);
    const cut = toBase64(encodeWav(original.slice(1101 * 3), 22_050));
    expect(transcribe(sound(cut)).text).not.toBe(TEXTS[1]);
  });

  it('gives other sound a sentence that depends on the sound alone, with its honest length', () => {
    const tone = (hertz: number): string =>
      toBase64(
        encodeWav(
          Int16Array.from({ length: 32_000 }, (_, k) => 8000 * Math.sin((k * hertz) / 2546)),
          16_000,
        ),
      );
    const heard = transcribe(sound(tone(440)));
    expect(sound(tone(440)).durationMs).toBe(2000);
    expect(heard).toEqual(transcribe(sound(tone(440))));
    expect(heard.confidence).toBeGreaterThanOrEqual(0.8);
    const sentences = new Set(
      [200, 300, 440, 500, 700, 900, 1100].map((hertz) => transcribe(sound(tone(hertz))).text),
    );
    expect(sentences.size).toBeGreaterThan(1);
  });

  it('transcribes silence as such, whatever its bit depth', () => {
    const silent = toBase64(encodeWav(new Int16Array(16_000), 16_000));
    expect(transcribe(sound(silent))).toEqual({ text: '(silence)', confidence: 0 });
    const eightBit = { samples: new Float32Array(8000), sampleRate: 8000, durationMs: 1000 };
    expect(transcribe(eightBit)).toEqual({ text: '(silence)', confidence: 0 });
  });

  it.each([
    ['the 44 bytes of the old suite', 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='],
    ['16 bit, 16 kHz', toBase64(encodeWav(new Int16Array(0), 16_000))],
  ])('hears a sentence in a recording without samples: %s', (_name, base64) => {
    expect(sound(base64).durationMs).toBe(0);
    const heard = transcribe(sound(base64));
    expect(heard.confidence).toBeGreaterThanOrEqual(0.5);
    expect(heard.text).toMatch(/^[A-ZÉ].+[.?]$/u);
  });

  it.each([
    ['not base64', '###', 'is not base64'],
    ['a line break', 'AAAA\nAAAA', 'is not base64'],
    ['no WAV', 'AAAAAAAA', 'is not a PCM WAV file'],
    ['a WAV that was cut off', synthesize('abc').base64.slice(0, 400), 'is a WAV file that was cut off'],
  ])('refuses %s', (_name, base64, reason) => {
    expect(readWav(base64)).toBe(reason);
  });

  it('identifies the same samples whatever their bit depth, also the lowest value', () => {
    const whole = Int16Array.of(-32_768, -1, 0, 1, 12_345, 32_767);
    const fraction = Float32Array.from(whole, (sample) => sample / 32_768);
    const key = (samples: Sound['samples']): string =>
      soundKey({ samples, sampleRate: 16_000, durationMs: 1 }).key;
    expect(key(fraction)).toBe(key(whole));
  });

  it('reads samples in floating point', () => {
    const whole = Int16Array.from({ length: 1600 }, (_, index) => 9000 * Math.sin(index / 5));
    const integers = Buffer.from(encodeWav(whole, 16_000));
    const floats = Buffer.concat([integers.subarray(0, 44), Buffer.alloc(whole.length * 4)]);
    floats.writeUInt16LE(3, 20);
    floats.writeUInt16LE(32, 34);
    floats.writeUInt32LE(whole.length * 4, 40);
    whole.forEach((sample, index) => floats.writeFloatLE(sample / 32_768, 44 + index * 4));
    const [read, expected] = [sound(floats.toString('base64')), sound(integers.toString('base64'))];
    expect(read.durationMs).toBe(100);
    expect(soundKey(read).key).toBe(soundKey(expected).key);
  });

  it.each([
    ['12 bits per sample, expected 8, 16, 24 or 32', 1, 12],
    ['16 bits per sample, expected 32 or 64 as floating point', 3, 16],
  ])('refuses a depth that it does not know: %s', (reason, tag, bits) => {
    const odd = Buffer.from(synthesize('a').base64, 'base64');
    odd.writeUInt16LE(tag, 20);
    odd.writeUInt16LE(bits, 34);
    expect(readWav(odd.toString('base64'))).toContain(reason);
  });
});
