/** A piece of audio as it arrived. */
export interface AudioPiece {
  /** On any clock, in milliseconds. */
  readonly atMs: number;
  /** Length of its audio by an `AudioMeter`; 0: a header, or a part of a frame. */
  readonly audioMs: number;
}

/** What a player would have made of streamed audio that it plays from the first piece on. */
export interface Playback {
  /** Length of the audio; 0 without any. */
  readonly audioMs: number;
  /** Arrival of the first piece with samples; NaN without one. */
  readonly firstAudioMs: number;
  /** Arrival of the last piece with samples; NaN without one. */
  readonly lastAudioMs: number;
  /**
   * How long the player would have been out of audio: the largest lead of a piece's arrival over the audio before it.
   * 0 if it always had some, NaN without audio. Starting that much later would have avoided every gap.
   */
  readonly underrunMs: number;
}

/**
 * The playback of one stream, whose pieces the caller passes in order of arrival.
 *
 * Underrun = max over i of max(0, (t_i - t_1) - media_i), with media_i the length of the pieces before piece i. The
 * definition of vLLM-Omni and SGLang-Omni.
 */
export function playback(pieces: Iterable<AudioPiece>): Playback {
  let beforeMs = 0;
  let firstAudioMs = NaN;
  let lastAudioMs = NaN;
  let underrunMs = NaN;
  for (const { atMs, audioMs } of pieces) {
    if (audioMs === 0) continue;
    if (beforeMs === 0) {
      firstAudioMs = atMs;
      underrunMs = 0;
    }
    underrunMs = Math.max(underrunMs, atMs - firstAudioMs - beforeMs);
    lastAudioMs = atMs;
    beforeMs += audioMs;
  }
  return { audioMs: beforeMs, firstAudioMs, lastAudioMs, underrunMs };
}

/**
 * Real-time factor of speech synthesis: duration of the request per duration of its audio; below 1 it is faster than it
 * is heard. NaN without audio. Its reciprocal is RTFx, which is usual for transcription.
 *
 * A voice that is fast on average can stutter all the same: judge `underrunMs` beside it.
 */
export const realTimeFactor = (elapsedMs: number, audioMs: number): number =>
  audioMs > 0 ? elapsedMs / audioMs : NaN;

/**
 * Continuity, such as C100: share of the answers with audio whose underrun is below the limit. NaN without any.
 *
 * @param limitMs 50, 100 and 200 are usual
 */
export function continuity(underrunsMs: Iterable<number>, limitMs: number): number {
  let answers = 0;
  let continuous = 0;
  for (const underrunMs of underrunsMs) {
    if (Number.isNaN(underrunMs)) continue;
    answers++;
    if (underrunMs < limitMs) continuous++;
  }
  return answers === 0 ? NaN : continuous / answers;
}
