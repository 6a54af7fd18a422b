import type { LoadResponse, VirtualUser } from '@jarvis-load/engine';
import type { Recording } from '../data/recording.ts';
import { pick } from '../data/texts.ts';
import { wordErrorRate } from '../data/word-error-rate.ts';
import { JarvisError } from '../error.ts';
import type { Checks } from './checks.ts';
import type { Ask, Asked, Kit } from './kit.ts';
import type { Session } from './session.ts';

/** Highest word error rate at which a transcription is taken to be of the audio that was sent. */
const SAME_AUDIO_WER = 0.5;

/** Steps shared by the voice scenarios. */
export interface VoiceSteps {
  /** A random recording, drawn with the user's random stream. */
  draw(user: VirtualUser): Recording;
  synthesize(user: VirtualUser, session: Session, text: string): Promise<Asked<'voice.synthesize'>>;
  transcribe(user: VirtualUser, session: Session, recording: Recording): Promise<void>;
}

/**
 * Steps with their checks and voice metrics. Misheard words raise the word error rate; they are not a failed answer and
 * do not count in `voice_errors`. Metrics are those of `VOICE_METRICS`, which the scenarios declare: add a new one there.
 * @throws JarvisError `invalid_option` without recordings
 */
export function createVoiceSteps(kit: Kit, ask: Ask, checks: VoiceChecks): VoiceSteps {
  const { recordings, settings, dialect, scenario } = kit;
  if (recordings.length === 0) {
    throw new JarvisError(
      'invalid_option',
      `Scenario ${scenario} sends speech and was given no recordings: pass \`recordings\`, each with what it says and a WAV as base64.`,
    );
  }
  const { language } = settings;
  return {
    draw: (user) => pick(recordings, () => user.random()),
    async synthesize(user, session, text) {
      const asked = await ask(user, session, 'voice.synthesize', { text, language });
      record(user, 'tts_latency', asked.response, user.check(asked.response, checks.synthesize));
      return asked;
    },
    async transcribe(user, session, { said, audioBase64 }) {
      const { response, result } = await ask(user, session, 'voice.transcribe', { audioBase64, language });
      record(user, 'stt_latency', response, user.check(response, checks.transcribe));
      const errorRate = result.ok ? wordErrorRate(said, result.value.text) : NaN;
      if (result.ok) user.record('stt_wer', errorRate);
      user.check(response, {
        ...checks.recognition,
        // `voiceRoundTrip` is false for the core, which answers any audio with one text.
        ...(dialect.voiceRoundTrip
          ? { 'voice.transcribe: is of the audio that was sent': () => errorRate <= SAME_AUDIO_WER }
          : {}),
      });
    },
  };
}

/** The checks of the steps; `recognition` measures the quality of the recogniser. */
export interface VoiceChecks {
  readonly synthesize: Checks;
  readonly transcribe: Checks;
  readonly recognition: Checks;
}

/** Latencies record only answers with outcome ok, so that fast refusals do not lower them. */
function record(
  user: VirtualUser,
  latency: 'tts_latency' | 'stt_latency',
  response: LoadResponse,
  passed: boolean,
): void {
  if (response.outcome === 'ok') user.record(latency, response.timings.serviceTimeMs);
  user.record('voice_errors', passed ? 0 : 1);
}
