import { JarvisError } from '../error.ts';

/** One stage of a profile: a linear ramp to `users` over `durationMs`. */
export interface ProfileStage {
  readonly durationMs: number;
  readonly users: number;
}

/**
 * The load over time for one scenario. A changed level or length also goes into `description` and into the descriptions of
 * `standard-profiles.ts` (command line) and `k6-tests.ts` (k6-scenarios).
 */
export interface Profile {
  readonly name: ProfileName;
  readonly description: string;
  readonly load:
    | { readonly kind: 'stages'; readonly startUsers: number; readonly stages: readonly ProfileStage[] }
    /** The number of users that gives each judged operation `samples` samples, with unchanged think times. */
    | {
        readonly kind: 'samples';
        readonly samples: number;
        readonly rampMs: number;
        readonly holdMs: number;
        readonly rampDownMs: number;
      };
}

/** Names of the profiles. `chat` and `voice` are the stages of the suite's k6 tests. */
export type ProfileName = 'selftest' | 'smoke' | 'load' | 'stress' | 'spike' | 'soak' | 'chat' | 'voice';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const step = (durationMs: number, users: number): ProfileStage => ({ durationMs, users });
/** k6 starts a staged test with one user. */
const stages = (...list: readonly ProfileStage[]): Profile['load'] => ({
  kind: 'stages',
  startUsers: 1,
  stages: list,
});

const CHAT_STAGES = stages(
  step(30 * SECOND, 10),
  step(MINUTE, 50),
  step(2 * MINUTE, 50),
  step(30 * SECOND, 100),
  step(MINUTE, 100),
  step(30 * SECOND, 0),
);

/** All profiles. Levels are users per scenario. */
export const PROFILES: readonly Profile[] = [
  {
    name: 'selftest',
    description: '30 s; as many users per scenario as give each judged operation about 200 samples',
    load: {
      kind: 'samples',
      samples: 200,
      rampMs: 3 * SECOND,
      holdMs: 25 * SECOND,
      rampDownMs: 2 * SECOND,
    },
  },
  {
    name: 'smoke',
    description: '5 users for 1 min, ramped up in 10 s',
    load: stages(step(10 * SECOND, 5), step(50 * SECOND, 5)),
  },
  {
    name: 'load',
    description:
      '10, 50, then 100 users; 5 min 30 s (the old suite said 5 min: its stages add up to 5 min 30 s)',
    load: CHAT_STAGES,
  },
  {
    name: 'stress',
    description: '50, 200, then 500 users; 10 min',
    load: stages(
      step(MINUTE, 50),
      step(2 * MINUTE, 200),
      step(3 * MINUTE, 200),
      step(2 * MINUTE, 500),
      step(MINUTE, 500),
      step(MINUTE, 0),
    ),
  },
  {
    name: 'spike',
    description:
      '20 users, 300 within 10 s, back to 20; 3 min 10 s (the old suite said 3 min: its stages add up to 3 min 10 s)',
    load: stages(
      step(30 * SECOND, 20),
      step(10 * SECOND, 300),
      step(MINUTE, 300),
      step(MINUTE, 20),
      step(30 * SECOND, 0),
    ),
  },
  {
    name: 'soak',
    description: '50 users for 60 min, ramped up in 5 min',
    load: stages(step(5 * MINUTE, 50), step(55 * MINUTE, 50)),
  },
  {
    name: 'chat',
    description: 'The stages of the k6 chat test: up to 100 users, 5 min 30 s',
    load: CHAT_STAGES,
  },
  {
    name: 'voice',
    description: 'The stages of the k6 voice test: up to 20 users, 4 min',
    load: stages(step(30 * SECOND, 5), step(MINUTE, 20), step(2 * MINUTE, 20), step(30 * SECOND, 0)),
  },
];

/** Duration of a profile in milliseconds: the sum of its stages. */
export function profileDurationMs(profile: Profile): number {
  const { load } = profile;
  if (load.kind === 'samples') return load.rampMs + load.holdMs + load.rampDownMs;
  return load.stages.reduce((sum, stage) => sum + stage.durationMs, 0);
}

/**
 * The profile with that name.
 * @throws JarvisError `unknown_profile`
 */
export function profileByName(name: ProfileName | (string & {})): Profile {
  const profile = PROFILES.find((candidate) => candidate.name === name);
  if (profile !== undefined) return profile;
  throw new JarvisError(
    'unknown_profile',
    `There is no profile "${name}". Use one of: ${PROFILES.map((each) => each.name).join(', ')}.`,
  );
}
