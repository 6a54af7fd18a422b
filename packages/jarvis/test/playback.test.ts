import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { continuity, encodeWav, pcmSpeech, playback, realTimeFactor, WAV_SPEECH } from '../src/index.ts';
import type { AudioPiece } from '../src/index.ts';

/** 48 bytes a millisecond. */
const PCM = pcmSpeech({ sampleRate: 24_000 }).meter();
const pieces = (...all: readonly (readonly [atMs: number, bytes: number])[]): AudioPiece[] =>
  all.map(([atMs, bytes]) => ({ atMs, audioMs: PCM.add(new Uint8Array(bytes)) }));

describe('what a player makes of streamed audio', () => {
  it('is out of audio for as long as the latest piece came too late', () => {
    // Before each piece there are 0, 100, 200, 300 ms of audio; it comes 0, 50, 320, 330 ms after the first.
    const heard = playback(pieces([1100, 4800], [1150, 4800], [1420, 4800], [1430, 4800]));
    expect(heard).toEqual({ audioMs: 400, firstAudioMs: 1100, lastAudioMs: 1430, underrunMs: 120 });
    // Sent at 1000, ended at 1430.
    expect(realTimeFactor(430, heard.audioMs)).toBe(1.075);
  });

  it('never runs out when every piece comes before the audio ahead of it is played', () => {
    expect(playback(pieces([0, 4800], [100, 4800], [200, 4800])).underrunMs).toBe(0);
    expect(playback(pieces([0, 4800], [101, 4800], [200, 4800])).underrunMs).toBe(1);
  });

  it('finds the stutter of a voice that is fast on average', () => {
    // Ten seconds in 100 ms pieces, each 20 ms after the one before it, with a pause of 1 s before the sixth.
    const times = Array.from({ length: 100 }, (_, index) => 200 + 20 * index + (index >= 5 ? 1000 : 0));
    const heard = playback(pieces(...times.map((at) => [at, 4800] as const)));
    // Ended 3,180 ms after it was sent; the sixth came 1,100 ms after the first, with 500 ms of audio before it.
    expect(realTimeFactor(3180, heard.audioMs)).toBe(0.318);
    expect(heard.underrunMs).toBe(600);
  });

  it('counts the bytes of the format', () => {
    const bytes = new Uint8Array(128_000);
    const stereo = pcmSpeech({ sampleRate: 16_000, channels: 2, bytesPerSample: 4 });
    expect(stereo.meter().add(bytes)).toBe(1000);
    expect(pcmSpeech({ sampleRate: 16_000 }).meter().add(bytes)).toBe(4000);
  });

  it('reads the rate of a WAV from its header, wherever it is cut, and counts only samples', () => {
    const wav = encodeWav(new Int16Array(16_000), 16_000);
    for (const at of [1, 20, 43, 44, 45, 1000]) {
      const meter = WAV_SPEECH.meter();
      const first = meter.add(wav.subarray(0, at));
      expect(first).toBe(Math.max(0, at - 44) / 32);
      expect(first + meter.add(wav.subarray(at)) + meter.end()).toBe(1000);
    }
    expect(WAV_SPEECH.meter().add(new Uint8Array(70_000))).toBe(0);
  });

  it('has no data without audio', () => {
    const none = { audioMs: 0, firstAudioMs: NaN, lastAudioMs: NaN, underrunMs: NaN };
    expect(playback([])).toEqual(none);
    expect(playback(pieces([5, 0]))).toEqual(none);
    expect(realTimeFactor(100, 0)).toBeNaN();
  });

  it('starts at the first piece with samples', () => {
    expect(playback(pieces([10, 0], [50, 480], [60, 480]))).toMatchObject({
      firstAudioMs: 50,
      underrunMs: 0,
    });
  });

  it('is what a player that starts later by the underrun would need, whatever the pieces', () => {
    const piece = fc.record({ gap: fc.integer({ min: 0, max: 300 }), ms: fc.integer({ min: 1, max: 200 }) });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 40 }), (list) => {
        let atMs = 0;
        const arrived = list.map(({ gap, ms }) => ({ atMs: (atMs += gap), audioMs: ms }));
        const { underrunMs, firstAudioMs, audioMs } = playback(arrived);
        // A player that waits: each piece must be there when the audio before it ends.
        const isGapless = (delayMs: number): boolean => {
          let playedMs = firstAudioMs + delayMs;
          return arrived.every(({ atMs: at, audioMs: ms }) => {
            const inTime = at <= playedMs + 1e-9;
            playedMs += ms;
            return inTime;
          });
        };
        expect(isGapless(underrunMs)).toBe(true);
        if (underrunMs > 0) expect(isGapless(underrunMs - 0.5)).toBe(false);
        expect(audioMs).toBeCloseTo(
          list.reduce((sum, { ms }) => sum + ms, 0),
          6,
        );
      }),
    );
  });
});

describe('continuity', () => {
  it('is the share of answers below the limit, without those that had no audio', () => {
    const underruns = [0, 40, 99.9, 100, 600, NaN];
    expect(continuity(underruns, 50)).toBe(0.4);
    expect(continuity(underruns, 100)).toBe(0.6);
    expect(continuity(underruns, 200)).toBe(0.8);
    expect(continuity([NaN], 100)).toBeNaN();
  });
});
