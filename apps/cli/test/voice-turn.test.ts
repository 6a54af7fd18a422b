import { runLoad } from '@jarvis-load/engine';
import { voiceTurn } from '@jarvis-load/jarvis';
import { startMock } from '@jarvis-load/mock-jarvis';
import { describe, expect, it } from 'vitest';

/** The mock hears a sentence in a WAV without samples. */
const said = { said: 'Bonjour', audioBase64: Buffer.from(emptyWav()).toString('base64') };

function emptyWav(): Uint8Array {
  const wav = Buffer.alloc(44);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(16_000, 24);
  wav.writeUInt32LE(32_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  return wav;
}

const TURNS = 4;

async function run(...settings: string[]) {
  const mock = await startMock({ preset: 'fast', settings: ['llm.answerTokens=20', ...settings] });
  try {
    const result = await runLoad({
      baseUrl: mock.url,
      scenarios: [
        {
          ...voiceTurn({ recordings: [said] }),
          executor: { kind: 'shared-iterations', vus: TURNS, iterations: TURNS },
        },
      ],
    });
    const values = (name: string): Readonly<Record<string, number | null>> =>
      result.metrics.find((one) => one.name === name)!.values;
    const status = (name: string) => result.thresholds.find(({ metric }) => metric.startsWith(name))?.status;
    const speech = mock
      .counters()
      .rows.find(({ operation, phase }) => operation === 'openai.speech' && phase === 'run');
    return { result, values, status, speech };
  } finally {
    await mock.close();
  }
}

describe('voice-turn', () => {
  it('measures a turn from the end of the speech to the first audio', async () => {
    const { values, result, speech } = await run(
      'latency.openai.transcriptions=40ms',
      'latency.openai.chat=50ms',
      'latency.openai.speech=60ms',
    );
    expect(values('voice_turn')['count']).toBe(TURNS);
    expect(values('voice_turn')['min']).toBeGreaterThanOrEqual(150);
    expect(values('voice_errors')).toMatchObject({ rate: 0 });
    expect(values('stt_wer')['count']).toBe(TURNS);
    expect(speech?.streams).toMatchObject({ opened: TURNS, completed: TURNS });
    expect(result.totals.requests).toBe(3 * TURNS);
  });

  it('fails a voice that stutters although it is faster than it is heard', async () => {
    // About 5 s of audio in chunks of 2.5 s, all at once but for a pause of 3.2 s after the first.
    const { values, status } = await run(
      'speech.chunk=2500ms',
      'faults.stall=1',
      'faults.stall.pause=3200ms',
    );
    expect(values('voice_rtf')['max']).toBeLessThan(1);
    expect(values('voice_underrun')['min']).toBeGreaterThan(100);
    expect(values('voice_continuous')).toMatchObject({ rate: 0 });
    expect(status('voice_underrun')).toBe('fail');
    expect(status('voice_continuous')).toBe('fail');
  });

  it('counts speech that ends early as an error, without its numbers', async () => {
    const { values } = await run('faults.truncated=1', 'faults.truncated.operations=openai.speech');
    expect(values('voice_errors')).toMatchObject({ rate: 1 });
    expect(values('voice_turn')['count']).toBe(0);
  });

  it('needs recordings', () => {
    expect(() => voiceTurn({ recordings: [] })).toThrow('was given no recordings');
  });
});
