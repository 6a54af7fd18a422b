import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '@jarvis-load/jarvis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { splitSettings } from '../src/target/mock-settings.ts';
import { DEFAULT_SUITE } from '../src/suites/suites.ts';
import { readRecordings, recordingsFor } from '../src/suites/read-recordings.ts';

const wav = encodeWav(new Int16Array(1600).fill(7), 16_000);
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'recordings-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

describe('the recordings of a run', () => {
  it.each([
    [{}, 'Bonjour, comment ça va ?'],
    [{ language: 'en' }, 'Hello, how are you today?'],
    [{ language: 'EN-us' }, 'Hello, how are you today?'],
    [{ language: 'fr_CA' }, 'Bonjour, comment ça va ?'],
  ])('are those shipped in the language of %j', (settings, first) => {
    const recordings = readRecordings(settings);
    expect(recordings).toHaveLength(15);
    expect(recordings[0]!.said).toBe(first);
  });

  it('are those of a folder, by name, whatever the case of .wav', () => {
    put({ 'b.WAV': wav, 'b.txt': 'zwei\n', 'a.wav': wav, 'a.txt': '\uFEFFeins', 'notes.md': 'x' });
    const recordings = readRecordings({ recordings: folder, language: 'de' });
    expect(recordings.map(({ said }) => said)).toEqual(['eins', 'zwei']);
    expect(Buffer.from(recordings[0]!.audioBase64, 'base64')).toEqual(Buffer.from(wav));
  });

  it.each([
    ['an empty folder', {}, /there is no \.wav file in it/],
    ['a WAV without words', { 'a.wav': wav }, /a\.wav has no a\.txt beside it/],
    ['words without a WAV', { 'a.wav': wav, 'a.txt': 'a', 'b.txt': 'b' }, /b\.txt has no b\.wav beside it/],
    ['an MP3 by the name of WAV', { 'a.wav': 'ID3', 'a.txt': 'a' }, /a\.wav is not a PCM WAV file/],
    ['an empty WAV', { 'a.wav': wav.slice(0, 44), 'a.txt': 'a' }, /a\.wav is a WAV file that was cut off/],
    ['no words', { 'a.wav': wav, 'a.txt': ' \n' }, /a\.wav has a transcript without words/],
    ['Latin-1', { 'a.wav': wav, 'a.txt': Uint8Array.of(0xe9, 0x74, 0xe9) }, /a\.txt is not UTF-8/],
  ] as [string, Record<string, string | Uint8Array>, RegExp][])('refuse %s', (_name, files, message) => {
    put(files);
    const error = refusal({ recordings: folder });
    expect(error.exit).toBe('usage');
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`--set recordings=${folder}`);
    expect(error.expected).toMatch(/\.txt of the same name/);
  });

  it('refuse what is no folder, a folder by the name of a WAV, and no name', () => {
    expect(refusal({ recordings: join(folder, 'x') }).message).toMatch(/there is no such folder/);
    put({ file: 'x' });
    expect(refusal({ recordings: join(folder, 'file') }).message).toMatch(/it is no folder/);
    mkdirSync(join(folder, 'a.wav'));
    put({ 'a.txt': 'a' });
    expect(refusal({ recordings: folder }).message).toMatch(/EISDIR/);
  });

  it.each(['a.wav', 'a.txt'])('refuses a link %s to nothing, by its name', (name) => {
    put({ 'a.wav': wav, 'a.txt': 'a' });
    rmSync(join(folder, name));
    symlinkSync(join(folder, 'nothing'), join(folder, name));
    const error = refusal({ recordings: folder });
    expect(error.exit).toBe('usage');
    expect(error.message).toContain(`${name} cannot be read: ENOENT`);
  });

  it('refuses no name', () => {
    expect(refusal({ recordings: '' }).message).toMatch(/name of the folder is empty/);
  });

  it('refuse a language that none are in, and say what to do', () => {
    const error = refusal({ language: 'de' });
    expect(error.message).toBe('--set language=de: there are recordings in en and fr only');
    expect(error.expected).toMatch(/--set recordings=<folder>/);
  });

  it('are read only for scenarios with voice, or when they were named', () => {
    const chat = ['chat'];
    expect(recordingsFor(chat, { language: 'de' })).toEqual([]);
    expect(recordingsFor(['chat', 'voice-turn'], {})).toHaveLength(15);
    expect(() => recordingsFor(chat, { recordings: '/not/there' })).toThrow(/no such folder/);
  });

  it('are named by a path from where the command was typed, to the mock, too', () => {
    expect(
      splitSettings({ set: { recordings: 'speech' }, target: 'mock' }, '/home/me', DEFAULT_SUITE),
    ).toEqual({
      mock: ['transcription.recordings=/home/me/speech'],
      scenario: { recordings: '/home/me/speech' },
    });
    expect(splitSettings({ set: { recordings: '/speech' } }, '/home/me', DEFAULT_SUITE).mock).toEqual([]);
  });
});

function refusal(settings: Readonly<Record<string, string>>): CliError {
  try {
    readRecordings(settings);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error('not refused');
}
