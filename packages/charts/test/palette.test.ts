import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PALETTE } from '../src/palette.ts';

const css = (name: string) => readFileSync(new URL(`../src/styles/${name}.css`, import.meta.url), 'utf8');

describe('the colours of the charts', () => {
  it('are in the markup what the light tokens are', () => {
    for (const [hue, colour] of Object.entries(PALETTE)) {
      expect(css('tokens')).toContain(`--chart-${hue}: light-dark(${colour},`);
    }
  });

  it('have a class each, which the tokens colour in both schemes', () => {
    for (const hue of Object.keys(PALETTE).filter((name) => name !== 'grid')) {
      expect(css('charts')).toMatch(new RegExp(`\\.hue-${hue} \\{\\s+--hue: var\\(--chart-${hue}\\)`));
    }
  });

  it('stand out from both surfaces by at least 3:1', () => {
    const [light = '', dark = ''] =
      /--surface: light-dark\((#\w+), (#\w+)\)/.exec(css('tokens'))?.slice(1) ?? [];
    for (const [, hue, onLight = '', onDark = ''] of css('tokens').matchAll(
      /--chart-([\w-]+): light-dark\((#\w+), (#\w+)\)/g,
    )) {
      if (hue === 'grid') continue;
      expect([hue, contrast(onLight, light) >= 3, contrast(onDark, dark) >= 3]).toEqual([hue, true, true]);
    }
  });
});

/** Contrast of two colours as WCAG 2.2 defines it. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
