import { defaultMaxVUs } from '@jarvis-load/engine';
import { usageError } from '../cli-error.ts';
import type { LoadSettings } from '../options/load-settings.ts';
import { writtenAs } from '../options/resolve-settings.ts';
import type { LoadShape } from './load-shape.ts';

/**
 * The load that a part plans from: the whole one, which the engine divides, but for the cap of iterations in flight, of
 * which each part has an equal share, rounded up.
 *
 * @throws CliError exit 2 for a part without the start and the seed that all parts share
 */
export function shapeOfPart(shape: LoadShape, settings: LoadSettings): LoadShape {
  const { part, startAt, seed } = settings;
  if (part === undefined) return shape;
  if (startAt === undefined || seed === undefined) {
    const missing = startAt === undefined ? '--start-at' : '--seed';
    throw usageError(
      'flag-needs',
      `${writtenAs(settings, 'part')} needs ${missing}, the same for all parts`,
      '--part=2/5 --start-at=2026-12-01T09:30:00Z --seed=1',
    );
  }
  if (shape.kind === 'replay') {
    const whole = shape.maxUsers ?? defaultMaxVUs(shape.plan.peakPerSecond);
    return { ...shape, maxUsers: Math.ceil(whole / part.of) };
  }
  if (shape.kind !== 'rate' && shape.kind !== 'rate-stages') return shape;
  return { ...shape, maxUsers: Math.ceil(shape.maxUsers / part.of) };
}
