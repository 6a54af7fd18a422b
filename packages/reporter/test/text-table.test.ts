import { describe, expect, it } from 'vitest';
import { displayWidth } from '../src/text/display-width.ts';
import { textTable } from '../src/text/text-table.ts';

const COLUMNS = [
  { title: '', align: 'left', shrinkTo: 16 },
  { title: '', align: 'right' },
  { title: '', align: 'left', shrinkTo: 10, shed: 1 },
] as const;

describe('textTable', () => {
  // Two margins of 2 columns, 20 + 5 + 14 columns and two gaps of 2: 45 in all.
  it.each([
    [45, 45],
    [44, 44],
    [42, 42],
    [41, 41],
    // More than 4 columns too wide: the last column is removed.
    [40, 29],
  ])('fills a terminal of %i columns up to column %i, and cuts no more than that', (width, used) => {
    const row = ['a'.repeat(20), 'b'.repeat(5), 'c'.repeat(14)];
    const [line = ''] = textTable({ paint: (text) => text, width }, COLUMNS, [row]);
    expect(displayWidth(line)).toBe(used);
  });
});
