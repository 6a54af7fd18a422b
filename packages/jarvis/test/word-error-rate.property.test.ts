import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordErrorRate } from '../src/index.ts';

const word = fc.stringMatching(/^[a-e]{1,2}$/);
const words = fc.array(word, { minLength: 1, maxLength: 8 });

/** Levenshtein distance by its recursive definition, over words. */
function edits(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const [headA, ...restA] = a;
  const [headB, ...restB] = b;
  if (headA === headB) return edits(restA, restB);
  return 1 + Math.min(edits(restA, restB), edits(restA, b), edits(a, restB));
}

describe('the word error rate', () => {
  it.each([
    ['Turn off the light.', 'turn off the light', 0],
    ['turn off the light', 'turn on the light', 1 / 4],
    ['turn off the light', 'turn the light', 1 / 4],
    ['turn off the light', 'please turn off the light', 1 / 4],
    ['turn off the light', '', 1],
    ['turn off the light', ' ... ', 1],
    ['yes', 'oh no no no', 4],
    ['Où ai-je laissé mes clés ?', 'OU AI JE LAISSE MES CLES', 0],
    ['s’il te plaît', "s'il te plait", 0],
    ['« Voilà », dit-elle…', 'voila dit elle', 0],
    ['un œuf', 'un oeuf', 0],
    ['sept heures', '7 heures', 1 / 2],
    ['', 'anything', NaN],
  ])('of %j heard as %j is %d', (said, heard, expected) => {
    expect(wordErrorRate(said, heard)).toBe(expected);
  });

  it('is the Levenshtein distance over the words said', () => {
    const short = fc.array(word, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(short, short, (said, heard) => {
        expect(wordErrorRate(said.join(' '), heard.join(' '))).toBeCloseTo(edits(said, heard) / said.length);
      }),
    );
  });

  it('is 0 for the same words only, and at least the difference of the numbers of words', () => {
    fc.assert(
      fc.property(words, words, (said, heard) => {
        const rate = wordErrorRate(said.join(', '), heard.join(' - '));
        expect(rate === 0).toBe(said.join(' ') === heard.join(' '));
        expect(rate * said.length).toBeGreaterThanOrEqual(Math.abs(said.length - heard.length) - 1e-9);
        expect(rate * said.length).toBeLessThanOrEqual(Math.max(said.length, heard.length) + 1e-9);
      }),
    );
  });

  it('holds for a text without end', () => {
    expect(wordErrorRate('un deux trois', 'x '.repeat(100_000))).toBeCloseTo(100_000 / 3);
  });
});
