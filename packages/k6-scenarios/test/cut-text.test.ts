import { expect, it } from 'vitest';
import { cutText } from '../src/k6/cut-text.ts';

it.each([
  ['a short text', 'refused', 'refused'],
  ['a long text at a word', 'answered 500: refused', 'answered 500: '],
  ['a secret that the cut would halve', 'x-api-key: s3cret-value', 'x-api-key: '],
  ['a value of JSON', '{"x-api-key":"s3cret-value"}', '{"x-api-key":"'],
  ['a word that ends at the cut', 'answered 500 ok: refused', 'answered 500 ok:'],
])('cuts %s', (_what, text, cut) => {
  expect(cutText(text, 16)).toBe(cut);
});
