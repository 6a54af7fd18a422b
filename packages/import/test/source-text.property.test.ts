import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { comment, literal, propertyKey, templatePart } from '../src/source-text.ts';

const evaluate = (source: string): unknown => runInThisContext(`'use strict'; (${source})`);
/** Characters that end literals and comments, and those that escape. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      '`',
      '\\',
      '$',
      '{',
      '}',
      '*',
      '/',
      '\n',
      '\r',
      '\u2028',
      '\u2029',
      'a',
      '\0',
    ),
  }),
);

it('a literal is the text, whatever it holds', () => {
  fc.assert(
    fc.property(text, (each) => {
      expect(evaluate(literal(each))).toBe(each);
    }),
  );
});

it('the static part of a template literal is the text', () => {
  fc.assert(
    fc.property(text, (each) => {
      expect(evaluate(`\`${templatePart(each)}\``)).toBe(each);
    }),
  );
});

it('a property key defines a property of that name, also one named __proto__', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'a-b', '7')), (name) => {
      const made = evaluate(`{ ${propertyKey(name)}: 1 }`) as object;
      expect(Object.entries(made)).toEqual([[name, 1]]);
    }),
  );
});

it('a comment is one line without control characters', () => {
  fc.assert(
    fc.property(text, (each) => {
      expect(comment(each)).toMatch(/^\/\/ [^\p{Cc}\u2028\u2029]*$/u);
    }),
  );
});
