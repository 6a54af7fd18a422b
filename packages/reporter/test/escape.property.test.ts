import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvTable } from '../src/csv/csv-table.ts';
import { escapeHtml } from '../src/escape/html.ts';
import { escapeTerminal } from '../src/escape/terminal.ts';
import { displayWidth, truncate } from '../src/text/display-width.ts';

/** Random text with a high share of characters used in injection attacks. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b',
      '[',
      ']',
      ';',
      '\u0007',
      '\\',
      '\u009b',
      '\u202e',
      '<',
      '>',
      '"',
      "'",
      '=',
      ',',
      '\r',
      '\n',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('escaping', () => {
  it('leaves no control character in terminal text, whatever came in', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(escapeTerminal(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
      }),
    );
  });

  it('leaves nothing in HTML that could start a tag or end an attribute', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const escaped = escapeHtml(text);
        expect(escaped).not.toMatch(/[<>"'`]/);
        expect(escaped.replace(/&(?:amp|lt|gt|quot|#39|#96);/g, '')).not.toContain('&');
      }),
    );
  });

  it('writes CSV that parses into as many rows and cells, none of them a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hostile, hostile, fc.integer()), { minLength: 1 }), (rows) => {
        const parsed: string[][] = parse(csvTable(['a', 'b', 'c'], rows), { record_delimiter: '\r\n' });
        expect(parsed).toHaveLength(rows.length + 1);
        for (const [index, row] of rows.entries()) {
          const cells = parsed[index + 1] ?? [];
          expect(cells).toHaveLength(3);
          expect(cells[2]).toBe(String(row[2]));
          for (const cell of cells.slice(0, 2)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        }
      }),
    );
  });

  it('cuts text to at most the columns it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(30), (text, width) => {
        expect(displayWidth(truncate(escapeTerminal(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
