import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText91, encodeText91 } from '../src/results/text-91.ts';

describe('bytes as text of 91 characters', () => {
  it('come back as they were, and stand in JSON as they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeText91(bytes);
        expect(JSON.stringify(text)).toBe(`"${text}"`);
        expect(text.length).toBeLessThanOrEqual(Math.ceil((bytes.length * 16) / 13));
        expect([...decodeText91(text)!]).toEqual([...bytes]);
      }),
    );
  });

  it.each(['~~', '"#', '##\\', 'é#', '~'])('%s is none of them', (text) => {
    expect(decodeText91(text)).toBeUndefined();
  });
});
