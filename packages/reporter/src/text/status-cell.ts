import { STATUS_SYMBOLS, type Status } from '../view/status.ts';
import type { Style } from './paint.ts';
import type { TextCell } from './text-table.ts';

const STYLES: Readonly<Record<Status, readonly Style[]>> = {
  pass: ['green'],
  fail: ['red', 'bold'],
  'machine-limited': ['yellow'],
  unproven: ['yellow'],
  'no-data': ['yellow'],
  'not-measurable': ['dim'],
};

/** Symbol of a status. */
export function statusSymbolCell(status: Status): TextCell {
  return { text: ` ${STATUS_SYMBOLS[status]}`, styles: STYLES[status] };
}

/** Word of a status; failures in capitals, so that they are visible without colour. */
export function statusWordCell(status: Status): TextCell {
  const words: Readonly<Record<Status, string>> = {
    pass: 'pass',
    fail: 'FAIL',
    'machine-limited': 'MACHINE',
    unproven: 'unproven',
    'no-data': 'NO DATA',
    'not-measurable': 'not measurable',
  };
  return { text: words[status], styles: STYLES[status] };
}
