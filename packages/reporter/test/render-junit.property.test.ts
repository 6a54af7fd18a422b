import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderJunit } from '../src/index.ts';
import { parseXml } from './fixtures/parse-xml.ts';
import { runResult } from './fixtures/run-result.ts';

/** Random text with a high share of characters that XML treats as markup, forbids or normalises. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      ']]>',
      '<!--',
      '\t',
      '\n',
      '\r',
      '\r\n',
      '\u0000',
      '\u001b',
      '\u0085',
    ),
    fc.constantFrom('\ufffe', '\uffff', '\ud800', '\udc00', '\u2028', '&amp;', '&#10;', '\u{1f600}', ' '),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

/** The production `Char` of XML 1.0, section 2.2. */
function isXmlCharacter(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x1_0000
  );
}

/** DEL, C1 and bidirectional controls. */
const ACTING = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const valid = (text: string) => Array.from(text).filter(isXmlCharacter).join('').replace(ACTING, '');

describe('junit.xml', () => {
  it('is well-formed whatever the texts are, and a parser reads the same texts, less what XML cannot write', () => {
    const result = runResult();
    const [threshold] = result.thresholds;
    if (threshold === undefined) throw new Error('the fixture has thresholds');
    fc.assert(
      fc.property(anyText, anyText, anyText, (name, scenario, reason) => {
        const xml = renderJunit({
          ...result,
          verdict: { status: 'not-valid', reasons: [{ code: 'x', text: reason }] },
          thresholds: [{ ...threshold, scenario: null, metric: name, expression: scenario }],
          objectives: [],
          checks: [{ scenario: `s${scenario}`, name, passes: 0, fails: 1 }],
        });
        const [verdict, thresholds, checks] = parseXml(xml).children.map(({ children }) => children.at(-1));
        expect(verdict?.children[0]?.attributes['message']).toBe(`NOT VALID: ${valid(reason)}`);
        expect(verdict?.children[0]?.text).toContain(`- ${valid(reason)}\n`);
        expect(thresholds?.attributes['name']).toBe(`${valid(name)}: ${valid(scenario)}`);
        expect(checks?.attributes).toMatchObject({
          classname: `jarvis-load.checks.s${valid(scenario)}`,
          name: valid(name),
        });
      }),
    );
  });
});
