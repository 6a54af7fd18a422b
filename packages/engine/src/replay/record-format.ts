import { EngineError } from '../errors.ts';
import { isPlainObject } from '../input/option-reader.ts';

/**
 * Version of every part of a written record: `RunInfo`, snapshots, `RunEnd`. In format 1 each histogram is a text of its own
 * (`recorder/histogram-text.ts`), in format 2 they are numbers of whole bytes (`recorder/packed-histograms-2.ts`).
 *
 * Must hold: when it rises, the earlier number goes into `READABLE` and gets its reader in `parse-snapshot.ts` (every number but
 * this one is read as format 2 there); `RunInfo.format` and `coordination/run-basis.ts`, which writes it, rise with it.
 */
export const RECORD_FORMAT = 3;
const READABLE: readonly unknown[] = [1, 2, RECORD_FORMAT];

/**
 * Reads the JSON of one part of a record, and checks its version.
 * @param what it is, for errors
 * @throws EngineError `invalid-snapshot`
 */
export function readRecordPart(text: string, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(what, 'it is no JSON: was the file cut or edited?', cause);
  }
  if (!isPlainObject(value) || !('format' in value))
    throw invalid(what, 'it is no part of the record of a run');
  if (!READABLE.includes(value.format)) {
    throw invalid(
      what,
      `its format is ${JSON.stringify(value.format)} and this version reads 1 to ${RECORD_FORMAT}: use the version that wrote it`,
    );
  }
  return value;
}

/** An error about one part of a record. */
export function invalid(what: string, problem: string, cause?: unknown): EngineError {
  return new EngineError('invalid-snapshot', `cannot read ${what}: ${problem}.`, { cause });
}
