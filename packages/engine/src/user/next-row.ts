import { EngineError } from '../errors.ts';
import type { Feeder } from '../model/feeder.ts';
import { show } from '../show.ts';
import { Interrupted } from './interrupted.ts';
import type { UserHost } from './user-host.ts';

/** What a feeder needs to know of the user that asks. */
export interface RowTaker {
  readonly id: number;
  random(): number;
  /** Takes the next number of the feeder, from 0, over all threads. */
  take(): number;
}

/**
 * The number of the row that a user gets; `undefined` when there is none, and the run is to end (`atEnd: 'stop'`).
 * @throws EngineError `invalid-request` when there is none with `atEnd: 'fail'`
 */
export function nextRow(feeder: Feeder, taker: RowTaker): number | undefined {
  const { length, order, atEnd, name } = feeder;
  if (order === 'random') return Math.floor(taker.random() * length);
  // Users outside the load, such as that of `setup`, have id 0.
  const number = order === 'per-user' ? Math.max(0, taker.id - 1) : taker.take();
  if (number < length || order === 'round-robin' || atEnd === 'repeat') return number % length;
  if (atEnd === 'stop') return undefined;
  throw new EngineError('invalid-request', `${endOf({ length, order, name })} (atEnd: 'fail').`);
}

/** The reason why a feeder has no row left, for the end of the run or for an error. */
function endOf({ length, order, name }: Pick<Feeder, 'length' | 'order' | 'name'>): string {
  return order === 'per-user'
    ? `feeder "${name}" has ${length} rows, fewer than there are users`
    : `feeder "${name}" has no more rows: all ${length} were used`;
}

/**
 * The next row for a user. Where there is none, `atEnd: 'stop'` ends the run, and the iteration as interrupted.
 * @throws EngineError `invalid-request` for a feeder that the scenario does not declare, and as of `nextRow`
 */
export function takeRow<Row>(
  feeder: Feeder<Row>,
  { coordination, scenario }: UserHost,
  id: number,
  random: () => number,
): Row {
  if (scenario.definition.feeders?.includes(feeder) !== true) {
    const isFeeder = typeof (feeder as Partial<Feeder> | undefined)?.name === 'string';
    throw new EngineError(
      'invalid-request',
      `scenario "${scenario.name}" takes a row of ${isFeeder ? `feeder "${feeder.name}"` : show(feeder)}, which it does not declare; expected feeders: [...].`,
    );
  }
  const take = (): number => coordination?.nextRow(feeder) ?? 0;
  const row = nextRow(feeder, { id, random, take });
  if (row !== undefined) return feeder.row(row);
  coordination?.stop(endOf(feeder));
  throw new Interrupted();
}
