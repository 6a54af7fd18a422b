import { compareRuns } from '@jarvis-load/compare';
import type { RunResult } from '@jarvis-load/engine/result';
import { describe, expect, it } from 'vitest';
import { simulatedRun } from '../../compare/test/support/simulated-run.js';
import { renderComparisonHtml } from '../src/index.ts';
import { HOSTILE } from './fixtures/hostile.ts';

function run(id: string, factor: number, seed: number): RunResult {
  const made = simulatedRun({
    seed,
    operations: 2,
    seconds: 20,
    rate: 20,
    sigma: 0.3,
    factors: { 1: factor },
  });
  return { ...made, run: { ...made.run, id, tags: { build: HOSTILE.html } } };
}

const [base, slow] = [run('base', 1, 1), run(HOSTILE.html, 1.5, 3)];
const comparison = compareRuns([base], [slow]);
const html = renderComparisonHtml(comparison, { base: [base], new: [slow] });

describe('renderComparisonHtml', () => {
  it('says first what is worse, and has every figure with its interval', () => {
    expect(html).toMatch(/<span id="verdict">WORSE<\/span>/);
    expect(html).toMatch(/id="headline">Worse: .*operation-2\./);
    const rows = html.match(/<tr[^>]*><th scope="row"[^>]*><code>operation-2.*?<\/tr>/)?.[0];
    expect(rows).toMatch(/✗ \+\d+%<small[^>]*>[\d.,]+ ms → [\d.,]+ ms<\/small><small[^>]*>\+\d+% to \+\d+%/);
  });

  it('draws both sides in one chart', () => {
    expect(html.match(/data-series="base"/g)?.length).toBeGreaterThanOrEqual(3);
    expect(html.match(/data-series="new"/g)?.length).toBe(html.match(/data-series="base"/g)?.length);
  });

  it('has no gap where intervals begin some milliseconds before or after their second', () => {
    const late: RunResult = {
      ...base,
      series: {
        ...base.series,
        points: base.series.points.map((point, index) => ({
          ...point,
          atMs: point.atMs + (index % 3 === 0 ? 106 : index === 0 ? 0 : -0.4),
        })),
      },
    };
    const page = renderComparisonHtml(comparison, { base: [late], new: [slow] });
    const drawn = /data-series="base requests\/s"><path[^>]* d="([^"]+)"/.exec(page)?.[1];
    expect(drawn?.match(/M/g)).toHaveLength(1);
  });

  it('has no script, and forbids scripts and requests', () => {
    expect(html).not.toMatch(/<script|<img|\son\w+="/i);
    expect(html).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/,
    );
    expect(html).not.toMatch(/(?:src|href)="(?!#|data:)/);
  });
});
