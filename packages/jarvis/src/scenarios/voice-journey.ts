import { profileExecutor } from '../profiles/profile-executor.ts';
import { createAsk, createKit, declareOperations } from './kit.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';
import { VOICE_METRICS } from './voice-metrics.ts';
import { createVoiceSteps } from './voice-steps.ts';

const NAME = 'voice';

/** Text before the numbers of user and iteration; for other languages the transcript of a recording is used. */
const GREETINGS: Readonly<Record<string, string>> = {
  fr: 'Bonjour, test de synthèse vocale numéro',
  en: 'Hello, speech synthesis test number',
};

/**
 * The voice test of the k6 scripts that users had before: one synthesis, one transcription; 3 s of think time.
 *
 * Must hold:
 * - `operations` and `demand` repeat what `run` requests and how long it thinks.
 * - What is synthesized holds no run id, unlike other texts: it would be read aloud.
 */
export function voiceJourney(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const voice = createVoiceSteps(kit, createAsk(kit.dialect), {
    ...kit.checks.journey,
    recognition: {},
  });
  const greeting = GREETINGS[kit.settings.language.slice(0, 2).toLowerCase()];
  return {
    name: NAME,
    description: 'Voice journey (the k6 voice test): synthesize a sentence, transcribe a recording',
    operations: declareOperations(kit, ['voice.synthesize', 'voice.transcribe']),
    notOffered: [],
    metrics: VOICE_METRICS,
    setup: (user) => kit.sessions.setup(user),
    onStart: (user, shared) => kit.sessions.start(user, shared),
    async run(user, { state: session }) {
      const recording = voice.draw(user);
      const text = `${greeting ?? recording.said} ${user.id}-${user.iteration}`;
      await voice.synthesize(user, session, text);
      await user.think(1);
      await voice.transcribe(user, session, recording);
      await user.think(2);
    },
    executor: profileExecutor('voice'),
    thresholds: {
      http_req_duration: ['p(95)<2000'],
      http_req_failed: ['rate<0.05'],
      tts_latency: ['p(95)<1500'],
      stt_latency: ['p(95)<2000'],
      voice_errors: ['rate<0.05'],
    },
    demand: {
      iterationSeconds: 3,
      requests: { 'voice.synthesize': 1, 'voice.transcribe': 1 },
      startRequests: kit.sessions.startRequests,
    },
  };
}
