import type { ResultNote } from '@jarvis-load/engine/result';
import type { ClockAhead } from './target-clock.ts';

/** What the start of a part is known by. */
export interface PartClock {
  readonly name: string;
  /** By its own clock. */
  readonly startedAtMs: number;
  /** Of the target before that of the part's machine; undefined: not known. */
  readonly ahead: ClockAhead | undefined;
}

/** A pair of parts and what is certain of it, in milliseconds. */
interface Apart {
  readonly early: string;
  readonly late: string;
  readonly atLeastMs: number;
}

/** Notes on the clocks of the parts: differences that are certain, and how well they are known. */
export function clockNotes(parts: readonly PartClock[]): ResultNote[] {
  const known = parts.flatMap(({ ahead, ...part }) => (ahead === undefined ? [] : [{ ...part, ahead }]));
  const unknown = parts.filter(({ ahead }) => ahead === undefined).map(({ name }) => name);
  const notes: ResultNote[] = [];
  if (unknown.length > 0) {
    notes.push({
      level: 'info',
      code: 'clocks-unknown',
      text:
        `Whether the clock of ${unknown.join(', ')} is right is not known: the target sent no Date before the load. ` +
        'A clock that is wrong looks like a part that started at another time.',
    });
  }
  if (known.length < 2) return notes;
  const clocks = furthest(
    // A clock that is behind the target's is the earlier one.
    known.map(({ name, ahead }) => ({ name, least: -ahead.most, most: -ahead.least })),
  );
  const starts = furthest(
    known.map(({ name, startedAtMs, ahead }) => ({
      name,
      least: startedAtMs + ahead.least,
      most: startedAtMs + ahead.most,
    })),
  );
  const grainMs = Math.max(...known.map(({ ahead }) => ahead.most - ahead.least));
  if (clocks !== undefined) {
    notes.push({
      level: 'warning',
      code: 'clock-skew',
      text: `The clock of ${clocks.late} is at least ${clocks.atLeastMs} ms ahead of that of ${clocks.early}, by the Date of the target's answers.`,
    });
  }
  if (starts !== undefined) {
    notes.push({
      level: 'warning',
      code: 'parts-apart',
      text: `By the clock of the target ${starts.late} started at least ${starts.atLeastMs} ms after ${starts.early}.`,
    });
  }
  if (clocks === undefined && starts === undefined) {
    notes.push({
      level: 'info',
      code: 'clocks-agree',
      text: `By the Date of the target's answers the clocks of the parts show no difference; one below ${grainMs} ms cannot be seen, as Date has whole seconds.`,
    });
  }
  return notes;
}

/** The two that are certain to be furthest apart; undefined where all may be equal. */
function furthest(
  bounds: readonly { readonly name: string; readonly least: number; readonly most: number }[],
): Apart | undefined {
  const early = bounds.toSorted((a, b) => a.most - b.most)[0]!;
  const late = bounds.toSorted((a, b) => b.least - a.least)[0]!;
  const atLeastMs = Math.round(late.least - early.most);
  return atLeastMs > 0 ? { early: early.name, late: late.name, atLeastMs } : undefined;
}
