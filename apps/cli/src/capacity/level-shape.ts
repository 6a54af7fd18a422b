import type { StepPlan } from '@jarvis-load/capacity';
import { defaultMaxVUs } from '@jarvis-load/engine';
import { profileNamed, type LoadShape } from '../run/load-shape.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import type { CliSuite } from '../suites/cli-suite.ts';
import type { OpenTarget } from '../target/open-target.ts';

/** Users start within this share of a step, so that most of it has the full number. */
const RAMP_SHARE = 0.1;

/**
 * The load of one level: a constant rate, or users that start within the first tenth and stay, shared among the scenarios as
 * the profile `smoke` shares them. A level above the permission of the target is not refused here, but by `prepareRun`.
 */
export function levelShape(
  { level, durationMs }: Pick<StepPlan, 'level' | 'durationMs'>,
  unit: 'rate' | 'users',
  settings: LoadSettings,
  suite: CliSuite,
  target: Pick<OpenTarget, 'ceilings'>,
): LoadShape {
  if (unit === 'users') {
    return {
      kind: 'spawn',
      profile: profileNamed({}, suite, 'smoke'),
      users: level,
      rampMs: Math.round(durationMs * RAMP_SHARE),
      lengthMs: durationMs,
    };
  }
  const most = target.ceilings?.maxUsers ?? Number.POSITIVE_INFINITY;
  return {
    kind: 'rate',
    rate: level,
    durationMs,
    maxUsers: settings.maxVus ?? Math.min(most, defaultMaxVUs(level)),
    arrivals: settings.arrivals ?? 'uniform',
  };
}
