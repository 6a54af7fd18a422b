import { readWavHeader } from '@jarvis-load/jarvis';
import { MP3_SPEECH } from '@jarvis-load/jarvis/mp3-speech';
import { FormData, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { readWavBytes } from '../src/audio/read-wav.ts';
import { transcribe } from '../src/audio/transcribe.ts';
import { startMock } from '../src/index.ts';
import type { RunningMock } from '../src/index.ts';
import { call } from './support/call.ts';
import { eventually } from './support/eventually.ts';

let mock: RunningMock;
afterEach(() => mock.close());
const start = async (...settings: string[]): Promise<void> => {
  mock = await startMock({ preset: 'fast', settings });
};

interface Spoken {
  readonly status: number;
  readonly type: string;
  readonly pieces: readonly Buffer[];
  /** When each piece arrived. */
  readonly times: readonly number[];
  readonly failure: string | undefined;
}

async function speak(input: string, format = 'wav'): Promise<Spoken> {
  const { statusCode, headers, body } = await request(`${mock.url}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'tts-1', input, voice: 'alloy', response_format: format }),
  });
  const pieces: Buffer[] = [];
  const times: number[] = [];
  let failure: string | undefined;
  body.on('data', (piece: Buffer) => {
    pieces.push(piece);
    times.push(performance.now());
  });
  await new Promise<void>((resolve) => {
    body.once('end', resolve).once('error', (error: NodeJS.ErrnoException) => {
      failure = error.code;
      resolve();
    });
  });
  return { status: statusCode, type: String(headers['content-type']), pieces, times, failure };
}

function form(
  audio: Buffer | undefined,
  fields: Readonly<Record<string, string>> = { model: 'whisper-1' },
): FormData {
  const data = new FormData();
  if (audio !== undefined)
    data.append('file', new Blob([new Uint8Array(audio)], { type: 'audio/wav' }), 'speech.wav');
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}
async function hear(body: FormData): Promise<{ status: number; text: string }> {
  const answer = await request(`${mock.url}/v1/audio/transcriptions`, { method: 'POST', body });
  return { status: answer.statusCode, text: await answer.body.text() };
}
const streams = () => mock.counters().rows.find(({ operation }) => operation === 'openai.speech')?.streams;

describe('POST /v1/audio/speech', () => {
  it('speaks a WAV in chunks that a transcription understands', async () => {
    await start('speech.chunk=200ms');
    const { status, type, pieces } = await speak('Bonjour à tous');
    const wav = Buffer.concat(pieces);
    expect([status, type]).toEqual([200, 'audio/wav']);
    const header = readWavHeader(wav);
    expect(header).toMatchObject({ sampleRate: 24_000, channels: 1, bitsPerSample: 16 });
    expect(wav.length).toBe(header!.dataOffset + header!.dataBytes);
    // 15 bytes and two of a checksum, 1101 samples of 22 050 Hz each: 849 ms in chunks of 200 ms, and the header.
    expect(Math.round(header!.durationMs)).toBe(849);
    expect(pieces.map(({ length }) => length)).toEqual([44, 9600, 9600, 9600, 9600, 2344]);
    const heard = await hear(form(wav));
    expect(JSON.parse(heard.text)).toEqual({ text: 'Bonjour à tous' });
    await eventually(() =>
      expect(streams()).toMatchObject({ opened: 1, completed: 1, events: 5, chunks: 6, bytes: wav.length }),
    );
  });

  it('speaks long texts without drift from the rate', async () => {
    await start();
    const text = 'Il était une fois, dans une ville de province, un petit tailleur. '.repeat(20);
    const { type, pieces } = await speak(text, 'pcm');
    expect(type).toBe('audio/pcm');
    const pcm = Buffer.concat(pieces);
    const samples = new Int16Array(new Uint8Array(pcm).buffer);
    const durationMs = samples.length / 24;
    expect(transcribe({ samples, sampleRate: 24_000, durationMs }).text).toBe(text);
  });

  it('speaks MP3 of the same length in chunks, the same for the same text', async () => {
    await start('speech.chunk=100ms');
    const { type, pieces } = await speak('Oui', 'mp3');
    expect(type).toBe('audio/mpeg');
    expect(pieces.length).toBeGreaterThan(2);
    const meter = MP3_SPEECH.meter();
    const lengths = pieces.map((piece) => meter.add(piece));
    const durationMs = lengths.reduce((sum, ms) => sum + ms, 0) + meter.end();
    // The encoder pads 250 ms to whole frames of 24 ms, and adds its delay.
    expect(durationMs).toBeGreaterThanOrEqual(249);
    expect(durationMs).toBeLessThan(250 + 4 * 24);
    expect(durationMs % 24).toBeCloseTo(0, 6);
    expect(Buffer.concat((await speak('Oui', 'mp3')).pieces)).toEqual(Buffer.concat(pieces));
  });

  it('sends audio no faster than it was set to', async () => {
    await start('speech.chunk=100ms', 'speech.realTimeFactor=0.5');
    const sentMs = performance.now();
    const { times } = await speak('Bonjour');
    // 9 symbols of 49.9 ms: five chunks 50 ms apart.
    expect(times.at(-1)! - sentMs).toBeGreaterThanOrEqual(4 * 50 - 1);
  });

  it.each([
    ['cut', undefined, { cut: 1, completed: 0 }],
    ['truncated', 'UND_ERR_SOCKET', { cut: 1, completed: 0 }],
    ['empty', undefined, { cut: 0, completed: 1 }],
  ])('%s ends with less audio than announced', async (fault, failure, counts) => {
    await start(`faults.${fault}=1`);
    const spoken = await speak('Bonjour');
    const bytes = Buffer.concat(spoken.pieces);
    expect(spoken.failure).toBe(failure);
    expect(readWavBytes(bytes)).toBe('is a WAV file that was cut off');
    await eventually(() => expect(streams()).toMatchObject(counts));
  });

  it('cut ends with less audio, also where one chunk would hold all of it', async () => {
    await start('faults.cut=1', 'speech.chunk=60s');
    const bytes = Buffer.concat((await speak('Oui')).pieces);
    expect(bytes.length).toBeGreaterThan(44);
    expect(readWavBytes(bytes)).toBe('is a WAV file that was cut off');
  });

  it.each([
    ['opus', { response_format: 'opus' }, 'response_format: this mock speaks wav, pcm and mp3, not opus'],
    ['no input', { input: '' }, 'input: must not have fewer than 1 characters'],
  ])('refuses %s', async (_name, more, message) => {
    await start();
    const body = { model: 'tts-1', input: 'x', ...more };
    const { status, json } = await call(mock.url, 'POST', '/v1/audio/speech', { body });
    expect(status).toBe(400);
    expect(json).toMatchObject({ error: { message } });
  });
});

describe('POST /v1/audio/transcriptions', () => {
  it('answers in the formats of the API', async () => {
    await start();
    const wav = Buffer.concat((await speak('Oui')).pieces);
    const text = await hear(form(wav, { model: 'w', response_format: 'text' }));
    expect(text).toEqual({ status: 200, text: 'Oui\n' });
    const verbose = await hear(form(wav, { model: 'w', response_format: 'verbose_json', language: 'fr' }));
    expect(JSON.parse(verbose.text)).toMatchObject({ text: 'Oui', language: 'fr', duration: 0.25 });
  });

  it('refuses forms without a file, without a model, and files that are no WAV', async () => {
    await start();
    const wav = Buffer.concat((await speak('Oui')).pieces);
    const param = async (body: FormData) => {
      const { status, text } = await hear(body);
      return [status, (JSON.parse(text) as { error: { param: string | null } }).error.param];
    };
    expect(await param(form(undefined))).toEqual([400, 'file']);
    expect(await param(form(wav, { language: 'fr' }))).toEqual([400, 'model']);
    expect(await param(form(Buffer.from('no audio at all, only text in a file of some length')))).toEqual([
      400,
      'file',
    ]);
    const json = await call(mock.url, 'POST', '/v1/audio/transcriptions', { body: { model: 'w' } });
    expect(json.status).toBe(400);
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const broken = await call(mock.url, 'POST', '/v1/audio/transcriptions', { raw: 'nonsense', headers });
    expect(broken.status).toBe(400);
  });
});
