import { RECORDINGS, speechBase64 } from '../data/speech.ts';
import { profileExecutor } from '../profiles/profile-executor.ts';
import { createAsk, createKit, declareOperations } from './kit.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';
import { recordVoice, VOICE_METRICS } from './voice-metrics.ts';

const NAME = 'voice';

/** The k6 voice test of the suite: one synthesis, one transcription; 3 s of think time. */
export function voiceJourney(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const { checks, settings } = kit;
  const ask = createAsk(kit.dialect);
  return {
    name: NAME,
    description: 'Voice journey (the k6 voice test): synthesize a sentence, transcribe a recording',
    operations: declareOperations(kit, ['voice.synthesize', 'voice.transcribe']),
    notOffered: [],
    metrics: VOICE_METRICS,
    setup: (user) => kit.sessions.setup(user),
    onStart: (user, shared) => kit.sessions.start(user, shared),
    async run(user, { state: session }) {
      const spoken = await ask(user, session, 'voice.synthesize', {
        text: `Bonjour, test de synthèse vocale numéro ${user.id}-${user.iteration} [${kit.runId}]`,
        language: settings.language,
      });
      recordVoice(
        user,
        'tts_latency',
        spoken.response,
        user.check(spoken.response, checks.journey.synthesize),
      );
      await user.think(1);

      const audioBase64 = speechBase64(settings.audioSeconds, user.id % RECORDINGS);
      const heard = await ask(user, session, 'voice.transcribe', { audioBase64 });
      recordVoice(user, 'stt_latency', heard.response, user.check(heard.response, checks.journey.transcribe));
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
    demand: { iterationSeconds: 3, requests: { 'voice.synthesize': 1, 'voice.transcribe': 1 } },
  };
}
