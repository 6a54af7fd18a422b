import type { RunEnd, RunInfo } from '../model/run-info.ts';
import { readException, readNote } from './parse-snapshot.ts';
import { PartReader } from './part-reader.ts';
import { invalid, readRecordPart, RECORD_FORMAT } from './record-format.ts';

/*
 * First and last line of a written record. Nothing is redacted here: who writes them to a file does it.
 *
 * Must hold:
 * - Of a head only the outline is checked: `Replay` turns what a damaged one breaks into `invalid-snapshot`.
 * - `parseRunEnd` lists the kinds of end: one that is added to the schema of the document is added there (no type error
 *   asks for it), or the record reads as damaged.
 */

/** Stands for numbers that JSON does not have, such as the end of an executor without one. */
const NOT_FINITE = '$number';

/** A `RunInfo` as one line of JSON. */
export function serializeRunInfo(info: RunInfo): string {
  return JSON.stringify(info, (_name, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? { [NOT_FINITE]: String(value) } : value,
  );
}

/**
 * Reads what {@link serializeRunInfo} wrote.
 * @throws EngineError `invalid-snapshot`
 */
export function parseRunInfo(text: string): RunInfo {
  const info = new PartReader(readRecordPart(text, 'the head of a run'), 'run');
  for (const list of ['scenarios', 'operations', 'metrics', 'thresholds', 'objectives', 'notes'])
    info.list(list);
  for (const object of ['generator', 'target', 'tags', 'config', 'judging']) info.object(object);
  if (info.text('runId') === '' || info.number('threads') < 1)
    throw invalid('the head of a run', 'it is damaged');
  return JSON.parse(text, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || !(NOT_FINITE in value)) return value;
    return Number(value[NOT_FINITE]);
  }) as RunInfo;
}

/** A `RunEnd` as one line of JSON. */
export function serializeRunEnd(end: RunEnd): string {
  return JSON.stringify({ format: RECORD_FORMAT, ...end });
}

/**
 * Reads what {@link serializeRunEnd} wrote.
 * @throws EngineError `invalid-snapshot`
 */
export function parseRunEnd(text: string): RunEnd {
  const end = new PartReader(readRecordPart(text, 'the end of a run'), 'end');
  const how = end.object('end');
  return {
    end: {
      kind: how.choice('kind', [
        'completed',
        'stopped',
        'aborted',
        'threshold',
        'circuit-breaker',
        'setup-failed',
        'error',
        'interrupted',
      ]),
      ...(how.has('reason') ? { reason: how.text('reason') } : {}),
    },
    pausedMs: end.number('pausedMs'),
    warmUpRequests: end.number('warmUpRequests'),
    cpuSeconds: end.numberOrNull('cpuSeconds'),
    machineCpuShare: end.numberOrNull('machineCpuShare'),
    exceptions: end.list('exceptions').map(readException),
    notes: end.list('notes').map(readNote),
  };
}
