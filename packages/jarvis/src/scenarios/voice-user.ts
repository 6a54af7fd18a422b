import type { VirtualUser } from '@jarvis-load/engine';
import { sharedWords } from '../data/same-words.ts';
import { RECORDINGS, speechBase64 } from '../data/speech.ts';
import { pick, SPOKEN_TEXTS } from '../data/texts.ts';
import { profileExecutor } from '../profiles/profile-executor.ts';
import { createAsk, createKit, declareOperations, leftOut, offerTasks, type TaskPlan } from './kit.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';
import { recordVoice, VOICE_METRICS } from './voice-metrics.ts';

const NAME = 'voice-user';
const WAIT = { min: 2, max: 5 };

/** A recognizer may mishear a word or two, and it will spell the run id in its own way. */
export const ROUND_TRIP_WORDS = 0.5;

/** The Locust voice test of the suite: weighted tasks, 2 to 5 s between them. */
export function voiceUser(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const { checks, settings, dialect } = kit;
  const ask = createAsk(dialect);
  const { language } = settings;
  const synthesize = async (user: VirtualUser, session: Session, text: string) => {
    const asked = await ask(user, session, 'voice.synthesize', { text, language });
    const passed = user.check(asked.response, checks.user.synthesize);
    recordVoice(user, 'tts_latency', asked.response, passed);
    return asked.result;
  };
  const drawText = (user: VirtualUser): string => `${pick(SPOKEN_TEXTS, () => user.random())} [${kit.runId}]`;

  const plans: readonly TaskPlan<Session>[] = [
    {
      name: 'synthesize_speech',
      weight: 5,
      requests: { 'voice.synthesize': 1 },
      async run(user, session) {
        await synthesize(user, session, drawText(user));
      },
    },
    {
      name: 'transcribe_speech',
      weight: 3,
      requests: { 'voice.transcribe': 1 },
      async run(user, session) {
        const variant = Math.floor(user.random() * RECORDINGS);
        const audioBase64 = speechBase64(settings.audioSeconds, variant);
        const { response } = await ask(user, session, 'voice.transcribe', { audioBase64, language });
        recordVoice(user, 'stt_latency', response, user.check(response, checks.user.transcribe));
      },
    },
  ];
  const roundTrip: TaskPlan<Session> = {
    name: 'combined_voice_workflow',
    weight: 1,
    requests: { 'voice.synthesize': 1, 'voice.transcribe': 1 },
    async run(user, session) {
      const text = drawText(user);
      const spoken = await synthesize(user, session, text);
      if (!spoken.ok) return;
      const { audioBase64 } = spoken.value;
      const { response, result } = await ask(user, session, 'voice.transcribe', { audioBase64, language });
      const passed = user.check(response, {
        ...checks.user.transcribe,
        'voice.transcribe: is of the audio that was sent': () =>
          result.ok && sharedWords(text, result.value.text) >= ROUND_TRIP_WORDS,
      });
      recordVoice(user, 'stt_latency', response, passed);
    },
  };
  const offered = dialect.voiceRoundTrip ? [...plans, roundTrip] : plans;
  const { tasks, names, demand, notOffered } = offerTasks(kit, offered, (WAIT.min + WAIT.max) / 2);
  return {
    name: NAME,
    description:
      'Voice users (the Locust voice test): synthesis, transcription, and the round trip by weight',
    operations: declareOperations(kit, names),
    notOffered: dialect.voiceRoundTrip
      ? notOffered
      : [...notOffered, leftOut(kit, roundTrip.name, [], 'what it synthesizes is no audio')],
    metrics: VOICE_METRICS,
    setup: (user) => kit.sessions.setup(user),
    onStart: (user, shared) => kit.sessions.start(user, shared),
    tasks,
    wait: { kind: 'between', ...WAIT },
    executor: profileExecutor('smoke'),
    thresholds: {
      http_req_duration: ['p(95)<2000'],
      http_req_failed: ['rate<0.05'],
      voice_errors: ['rate<0.05'],
    },
    demand,
  };
}
