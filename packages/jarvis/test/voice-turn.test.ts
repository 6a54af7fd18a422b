import { startLoad, type RunResult } from '@jarvis-load/engine';
import { ScriptedTarget, VirtualClock, type ScriptedAnswer } from '@jarvis-load/engine/testing';
import { describe, expect, it } from 'vitest';
import { encodeWav, pcmSpeech, voiceTurn, WAV_SPEECH, type SpeechFormat } from '../src/index.ts';
import { audioKind } from '../src/data/audio-kind.ts';
import { MP3_SPEECH } from '../src/openai/mp3-speech.ts';
import { recordings } from './recordings.ts';

const PCM = pcmSpeech({ sampleRate: 24_000 });
/** A frame of MPEG-2 layer III: 64 kbit/s, 24 kHz, mono: 192 bytes, 24 ms. */
const FRAME = Buffer.concat([Buffer.from([0xff, 0xf3, 0x84, 0xc4]), Buffer.alloc(188)]);
const MP3 = Buffer.concat(Array.from({ length: 10 }, () => FRAME));
const WAV = Buffer.from(encodeWav(new Int16Array(24_000), 24_000));
const SAMPLES = Buffer.alloc(48_000);

interface Spoken {
  readonly type?: string;
  readonly bytes: Buffer;
}

/** One turn whose speech is this body in two pieces, 100 ms apart. */
async function turn(speech: SpeechFormat, { type, bytes }: Spoken): Promise<RunResult> {
  const clock = new VirtualClock();
  const half = bytes.length >> 1;
  const transport = new ScriptedTarget(clock, ({ path }): ScriptedAnswer => {
    if (path.endsWith('/transcriptions')) return { body: { text: 'Bonjour' }, afterMs: 40 };
    if (path.endsWith('/completions')) {
      const token = 'data: {"choices":[{"delta":{"content":"Oui"}}]}\n\ndata: [DONE]\n\n';
      return { pieces: [{ atMs: 50, bytes: token }] };
    }
    return {
      headers: type === undefined ? {} : { 'content-type': type },
      pieces: [
        { atMs: 60, bytes: bytes.subarray(0, half) },
        { atMs: 160, bytes: bytes.subarray(half) },
      ],
    };
  });
  const run = startLoad({
    baseUrl: 'http://jarvis.test',
    clock,
    transport,
    scenarios: [
      {
        ...voiceTurn({ recordings, speech }),
        executor: { kind: 'shared-iterations', vus: 1, iterations: 1 },
      },
    ],
  });
  return clock.until(run.result);
}

const valuesOf = (result: RunResult, name: string) => result.metrics.find((one) => one.name === name)!.values;

describe('the speech of a voice turn', () => {
  it.each([
    ['pcm without a content type', PCM, { bytes: SAMPLES }, 1000],
    ['pcm that begins as a frame of MP3 does', PCM, { type: 'audio/pcm', bytes: MP3 }, MP3.length / 48],
    ['pcm that is declared as wav', PCM, { type: 'audio/wav', bytes: SAMPLES }, 1000],
    ['wav', WAV_SPEECH, { type: 'audio/x-wav', bytes: WAV }, 1000],
    ['mp3', MP3_SPEECH, { type: 'audio/mpeg', bytes: MP3 }, 240],
    // The end of the stream alone shows that this is a frame.
    ['mp3 of one frame', MP3_SPEECH, { type: 'audio/mpeg', bytes: FRAME }, 24],
  ])('is measured: %s', async (_what, speech, spoken, audioMs) => {
    const result = await turn(speech, spoken);
    expect(valuesOf(result, 'voice_errors')).toMatchObject({ passes: 0, fails: 1 });
    expect(valuesOf(result, 'voice_rtf')['max']).toBeCloseTo(160 / audioMs, 2);
    expect(valuesOf(result, 'voice_continuous')).toMatchObject({ passes: 1, fails: 0 });
    expect(result.checks).toMatchObject([{ passes: 1, fails: 0 }]);
  });

  it.each([
    ['mp3 for pcm, by its bytes', PCM, { bytes: MP3 }],
    ['mp3 for pcm, by its tag', PCM, { type: 'audio/pcm', bytes: Buffer.concat([Buffer.from('ID3'), MP3]) }],
    ['wav for pcm', PCM, { type: 'application/octet-stream', bytes: WAV }],
    ['aac for pcm, by its content type', PCM, { type: 'audio/aac', bytes: SAMPLES }],
    [
      'an error in JSON for pcm',
      PCM,
      { type: 'application/json', bytes: Buffer.from('{"error":{"message":"no"}}') },
    ],
    ['wav for mp3', MP3_SPEECH, { type: 'audio/mpeg', bytes: WAV }],
    ['samples for wav', WAV_SPEECH, { type: 'audio/wav', bytes: SAMPLES }],
    ['samples for mp3', MP3_SPEECH, { bytes: SAMPLES }],
  ])('is an error without numbers, and a check says so: %s', async (_what, speech, spoken) => {
    const result = await turn(speech, spoken);
    expect(valuesOf(result, 'voice_errors')).toMatchObject({ passes: 1, fails: 0 });
    for (const name of ['voice_turn', 'voice_rtf', 'voice_underrun'])
      expect(valuesOf(result, name)['count'], name).toBe(0);
    expect(valuesOf(result, 'voice_continuous')).toMatchObject({ passes: 0, fails: 0 });
    expect(result.checks).toMatchObject([
      { name: `openai.speech: has audio, as ${speech.name}`, passes: 0, fails: 1 },
    ]);
  });

  it('of a format of the caller is not held to a kind', async () => {
    const own: SpeechFormat = { name: 'opus', meter: () => ({ add: ({ length }) => length, end: () => 0 }) };
    const result = await turn(own, { type: 'audio/ogg', bytes: Buffer.from(`OggS${'x'.repeat(996)}`) });
    expect(valuesOf(result, 'voice_rtf')['max']).toBeCloseTo(0.16, 3);
  });
});

describe('a kind of audio', () => {
  it.each([
    ['OggS....', undefined, 'ogg'],
    ['fLaC....', 'audio/mpeg', 'flac'],
    ['\0\0\0\0', 'audio/L16; rate=24000', 'pcm'],
    ['\0\0\0\0', 'audio/raw', 'pcm'],
    ['\0\0\0\0', 'audio/x-raw', 'pcm'],
    ['\0\0\0\0', 'audio/constructor', 'constructor'],
    ['\0\0\0\0', 'audio/mpeg', undefined],
    ['\0\0\0\0', 'application/octet-stream', undefined],
    ['', undefined, undefined],
    ['{"error":{}}', 'application/json; charset=utf-8', 'text'],
    ['{"error":{}}', 'application/problem+json', 'text'],
    ['RIFF....WAVE', 'text/plain', 'wav'],
  ])('of %j with content type %s is %s', (text, type, kind) => {
    expect(audioKind([...Buffer.from(text)], type)).toBe(kind);
  });
});
