import { EngineError } from '../errors.ts';
import type { Feeder } from '../model/feeder.ts';

/** What a feeder needs to know of the user that asks. */
export interface RowTaker {
  readonly id: number;
  random(): number;
  /** Takes the next number of the feeder, from 0, over all threads. */
  take(): number;
}

/** The number of the row that a user gets; `undefined` when there is none, and the run is to end. */
export function nextRow(feeder: Feeder, taker: RowTaker): number | undefined {
  const { length, order, atEnd, name } = feeder;
  if (order === 'random') return Math.floor(taker.random() * length);
  // Users outside the load, such as that of `setup`, have id 0.
  const number = order === 'per-user' ? Math.max(0, taker.id - 1) : taker.take();
  if (number < length || order === 'round-robin' || atEnd === 'repeat') return number % length;
  if (atEnd === 'stop') return undefined;
  throw new EngineError('invalid-request', `${endOf({ length, order, name })} (atEnd: 'fail').`);
}

/** Says that a feeder has no row left. */
export function endOf({ length, order, name }: Pick<Feeder, 'length' | 'order' | 'name'>): string {
  return order === 'per-user'
    ? `feeder "${name}" has ${length} rows, fewer than there are users`
    : `feeder "${name}" has no more rows: all ${length} were used`;
}
