import { usageError } from '../cli-error.ts';
import { formatDuration, parseDurationMs } from './duration.ts';
import type { SourceName } from './flag.ts';
import { LIMITS } from './limits.ts';
import { parseNumber } from './parse-number.ts';

/** A stage of a ramp: a linear change to `target` users or iterations per second over `durationMs`. */
export interface RampStage {
  readonly durationMs: number;
  readonly target: number;
}

/** Constraints on the targets of stages. */
export interface StageTargets {
  readonly integer: boolean;
  readonly max: number;
}

const EXPECTED = 'duration:target, separated by commas, such as 30s:10,1m:50,30s:0';

function bad(source: SourceName, text: string, why: string): Error {
  return usageError('stages', `${source}: stage "${text}" ${why}`, EXPECTED);
}

/** Parses `30s:10,1m:50`; a zero duration jumps to its target, as in k6. */
export function parseStages(
  text: string,
  source: SourceName,
  { integer, max }: StageTargets,
): readonly RampStage[] {
  const stages = text.split(',').map((part): RampStage => {
    const match = /^\s*([^:]+):([^:]+)$/.exec(part);
    if (match === null) throw bad(source, part.trim(), 'is malformed');
    const durationMs = parseDurationMs(match[1] ?? '');
    if (durationMs === undefined)
      throw bad(source, part.trim(), `has no valid duration ("${match[1]?.trim()}")`);
    const target = parseNumber(match[2] ?? '');
    if (target === undefined || target < 0)
      throw bad(
        source,
        part.trim(),
        `has no valid target ("${match[2]?.trim()}"): zero or a positive number`,
      );
    if (integer && !Number.isInteger(target)) throw bad(source, part.trim(), 'needs a whole number of users');
    if (target > max) throw bad(source, part.trim(), `asks for more than ${max}`);
    return { durationMs, target };
  });
  if (stages.reduce((sum, stage) => sum + stage.durationMs, 0) > LIMITS.durationMs)
    throw bad(source, text, `lasts longer than ${formatDuration(LIMITS.durationMs)}`);
  if (stages.every((stage) => stage.durationMs === 0)) throw bad(source, text, 'lasts no time at all');
  if (stages.every((stage) => stage.target === 0)) throw bad(source, text, 'asks for no load at all');
  return stages;
}

/** Formats stages so that {@link parseStages} can read them. */
export function formatStages(stages: readonly RampStage[], duration: (ms: number) => string): string {
  return stages.map((stage) => `${duration(stage.durationMs)}:${stage.target}`).join(',');
}
