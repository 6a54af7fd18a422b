import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeWav, encodeWav, toRecording } from '../src/index.ts';

const folder = join(import.meta.dirname, '../recordings');
const files = ['en', 'fr'].flatMap((language) =>
  readdirSync(join(folder, language))
    .filter((name) => name.endsWith('.wav'))
    .map((name) => join(language, name)),
);

describe('the recordings', () => {
  it('are some 30, under 2 MB together', () => {
    expect(files.length).toBe(30);
    const bytes = files.reduce((sum, file) => sum + readFileSync(join(folder, file)).length, 0);
    expect(bytes).toBeLessThan(2_000_000);
  });

  it.each(files)('%s is speech of 1 to 10 s, 16 kHz, 16 bit, mono, with its words beside it', (file) => {
    const bytes = readFileSync(join(folder, file));
    const wav = decodeWav(bytes)!;
    expect(wav).toMatchObject({ sampleRate: 16_000, channels: 1, bitsPerSample: 16 });
    expect(wav.durationMs).toBeGreaterThanOrEqual(1000);
    expect(wav.durationMs).toBeLessThanOrEqual(10_000);
    const peak = wav.samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(5000);
    const words = readFileSync(join(folder, file.replace('.wav', '.txt')), 'utf8');
    // No digits: a recogniser may spell them out.
    expect(words).toMatch(/^[^\d]{5,80}\n$/);
    expect(toRecording(file, bytes, words).said).toBe(words.trim());
  });
});

describe('a recording of bytes', () => {
  const wav = encodeWav(new Int16Array(1600), 16_000);
  it.each([
    ['no WAV', new Uint8Array(100), 'a', /x\.wav is not a PCM WAV file/],
    ['an empty file', new Uint8Array(0), 'a', /is not a PCM WAV file/],
    ['a header without samples', encodeWav(new Int16Array(0), 16_000), 'a', /without samples/],
    ['a WAV that was cut off', wav.slice(0, 1000), 'a', /cut off/],
    [
      'a WAV that is too large',
      encodeWav(new Int16Array(800_000), 16_000),
      'a',
      /1600044 bytes; at most 1500000/,
    ],
    ['an empty transcript', wav, ' \n', /transcript without words/],
    ['a transcript of punctuation', wav, '?!', /transcript without words/],
  ])('refuses %s', (_name, bytes, transcript, message) => {
    expect(() => toRecording('x.wav', bytes, transcript)).toThrow(message);
  });

  it('joins the lines of a transcript', () => {
    expect(toRecording('x.wav', wav, '\uFEFFun\r\n  deux\n').said).toBe('un deux');
  });
});
