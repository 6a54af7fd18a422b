import type { SuiteProfile } from '@jarvis-load/engine';
import { jarvisSuite } from '@jarvis-load/jarvis/suite';

/** Of the stages in `packages/jarvis/src/profiles`: whoever changes those changes the sentence here. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  smoke: '5 users for 1 min, ramped up in 10 s',
  load: '10, 50, then 100 users; 5 min 30 s',
  stress: '50, 200, then 500 users; 10 min',
  spike: '20 users, 300 within 10 s, back to 20; 3 min 10 s',
  soak: '50 users for 60 min, ramped up in 5 min',
};

/** Profiles for suites without their own: the stages of users that assume nothing about the target. */
export const STANDARD_PROFILES: readonly SuiteProfile[] = (jarvisSuite.profiles ?? []).flatMap((profile) => {
  const description = DESCRIPTIONS[profile.name];
  return description === undefined ? [] : [{ ...profile, description }];
});
