import { profileExecutor } from '../profiles/profile-executor.ts';
import { createAsk, createKit, declareOperations, leftOut, offerTasks, type TaskPlan } from './kit.ts';
import type { JarvisScenario, JarvisScenarioOptions } from './options.ts';
import type { Session } from './session.ts';
import { VOICE_METRICS } from './voice-metrics.ts';
import { createVoiceSteps } from './voice-steps.ts';

const NAME = 'voice-user';
const WAIT = { min: 2, max: 5 };

/** The Locust voice test of the suite: weighted tasks, 2 to 5 s between them. */
export function voiceUser(options: JarvisScenarioOptions): JarvisScenario<Session> {
  const kit = createKit(NAME, options);
  const { dialect } = kit;
  const voice = createVoiceSteps(kit, createAsk(dialect), kit.checks.user);

  const plans: readonly TaskPlan<Session>[] = [
    {
      name: 'synthesize_speech',
      weight: 5,
      requests: { 'voice.synthesize': 1 },
      async run(user, session) {
        await voice.synthesize(user, session, voice.draw(user).said);
      },
    },
    {
      name: 'transcribe_speech',
      weight: 3,
      requests: { 'voice.transcribe': 1 },
      run: (user, session) => voice.transcribe(user, session, voice.draw(user)),
    },
  ];
  const roundTrip: TaskPlan<Session> = {
    name: 'combined_voice_workflow',
    weight: 1,
    requests: { 'voice.synthesize': 1, 'voice.transcribe': 1 },
    async run(user, session) {
      const { said } = voice.draw(user);
      const { result } = await voice.synthesize(user, session, said);
      if (!result.ok) return;
      await voice.transcribe(user, session, { said, audioBase64: result.value.audioBase64 });
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
