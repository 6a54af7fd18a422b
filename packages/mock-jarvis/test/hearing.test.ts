import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav, wordErrorRate } from '@jarvis-load/jarvis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMock } from '../src/index.ts';
import type { RunningMock } from '../src/index.ts';
import { call, logIn } from './support/call.ts';

const shipped = join(import.meta.dirname, '../../jarvis/recordings');
const files = ['en', 'fr'].flatMap((language) =>
  readdirSync(join(shipped, language))
    .filter((name) => name.endsWith('.wav'))
    .map((name) => join(shipped, language, name)),
);
const saidIn = (file: string): string => readFileSync(file.replace('.wav', '.txt'), 'utf8').trim();

const own = mkdtempSync(join(tmpdir(), 'mock-recordings-'));
const noise = Buffer.from(
  encodeWav(
    Int16Array.from({ length: 3000 }, (_, k) => (k * k) % 999),
    8000,
  ),
);

let mock: RunningMock;
let token: string;
beforeAll(async () => {
  writeFileSync(join(own, 'a.WAV'), noise);
  writeFileSync(join(own, 'a.txt'), 'mes propres mots\n');
  mock = await startMock({ preset: 'fast' });
  token = await logIn(mock.url);
});
afterAll(async () => {
  await mock.close();
  rmSync(own, { recursive: true });
});

async function hear(wav: Buffer): Promise<{ text: string; confidence: number }> {
  const body = { audio_data: wav.toString('base64') };
  const { json } = await call(mock.url, 'POST', '/api/voice/transcribe', { token, body });
  return json as { text: string; confidence: number };
}

describe('transcription of recordings', () => {
  it.each(files)('hears what %s says', async (file) => {
    const heard = await hear(readFileSync(file));
    expect(wordErrorRate(saidIn(file), heard.text)).toBe(0);
    expect(heard.confidence).toBeGreaterThanOrEqual(0.5);
  });

  it('knows them by their samples: other chunks do not matter, another sample does', async () => {
    const [file] = files as [string];
    const wav = readFileSync(file);
    const extra = Buffer.from([0x4c, 0x49, 0x53, 0x54, 4, 0, 0, 0, 1, 2, 3, 4]);
    const mixed = Buffer.concat([wav.subarray(0, 36), extra, wav.subarray(36)]);
    expect((await hear(mixed)).text).toBe(saidIn(file));
    const changed = Buffer.from(wav);
    changed[10_000]! ^= 1;
    expect((await hear(changed)).text).not.toBe(saidIn(file));
  });

  it('reads those of a folder while it runs, and rejects a folder that does not exist', async () => {
    expect((await hear(noise)).text).not.toBe('mes propres mots');
    mock.configure({ settings: [`transcription.recordings=${own}`] });
    expect((await hear(noise)).text).toBe('mes propres mots');
    expect(() => mock.configure({ settings: ['transcription.recordings=/not/there'] })).toThrow(
      /Mock setting transcription.recordings: .*\/not\/there/,
    );
    expect((await hear(noise)).text).toBe('mes propres mots');
  });

  it.each([0.1, 0.3, 1])('mishears a share of %d of the words, the same after a reset', async (share) => {
    mock.configure({ settings: [`transcription.wordErrorRate=${share}`] });
    const rounds: string[][] = [];
    for (let round = 0; round < 2; round += 1) {
      mock.reset();
      const texts: string[] = [];
      for (let repeat = 0; repeat < 5; repeat += 1) {
        for (const file of files) texts.push((await hear(readFileSync(file))).text);
      }
      rounds.push(texts);
    }
    expect(rounds[0]).toEqual(rounds[1]);
    const words = files.map((file) => saidIn(file));
    const all = rounds[0]!.join(' ');
    const said = Array.from({ length: 5 }, () => words.join(' ')).join(' ');
    const hums = all.match(/\bhum\b/g)!.length / said.match(/[\p{L}\p{N}]+/gu)!.length;
    expect(Math.abs(hums - share)).toBeLessThan(0.05);
    mock.configure({ settings: ['transcription.wordErrorRate=0'] });
  });
});
