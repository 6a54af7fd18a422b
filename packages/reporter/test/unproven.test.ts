import { describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { renderHtml, renderJunit, renderText } from '../src/index.ts';
import { runResult } from './fixtures/run-result.ts';

/** A run whose first threshold and first objective have too few samples. */
function withUnproven(): RunResult {
  const result = structuredClone(runResult());
  const few = { status: 'unproven', measured: 12, samples: 7, lowSamples: true } as const;
  Object.assign(result.thresholds[0]!, { ...few, samplesNeeded: 20 });
  Object.assign(result.objectives[0]!, { ...few, samplesNeeded: 20, margin: null });
  return result;
}

/** The visible text: without tags and repeated spaces. */
function readable(html: string): string {
  return html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('what is unproven', () => {
  it('stands in the terminal as such, with the samples that it has and needs, and no margin', () => {
    const text = renderText(withUnproven(), { width: 120, color: false });
    const lines = text.split('\n').filter((line) => line.includes('○'));
    expect(lines[0]).toMatch(/○ {2}p\(95\)<1200 +~12\.0 ms +unproven: 7 of 20 samples needed/);
    expect(lines[1]).toMatch(/○ {2}p95 +< 300 ms +~12\.0 ms +– +unproven +7 of 20 samples needed/);
    expect(text).toContain('○ unproven: too few samples to judge.');
  });

  it('is skipped in JUnit, with a message', () => {
    const xml = renderJunit(withUnproven());
    const skipped = [...xml.matchAll(/<skipped message="([^"]*)"/g)].map(([, message]) => message);
    expect(skipped).toContain(
      'unproven (7 of 20 samples needed), measured 12.0 ms, the threshold is p(95)&lt;1200',
    );
    expect(skipped).toContain(
      'unproven, measured 12.0 ms, the objective is &lt; 300 ms; 7 of 20 samples needed',
    );
  });

  it('has a sign and a word in the report', () => {
    const html = renderHtml(withUnproven());
    expect(html).toContain('id="sign-unproven"');
    const row = /<tr[^>]*>(?:(?!<\/tr>).)*#sign-unproven.*?<\/tr>/s.exec(html)?.[0] ?? '';
    expect(readable(row)).toContain('unproven 12.0 ms');
    expect(readable(row)).toContain('7 of 20 samples needed');
  });

  it('of a document that does not tell how many samples it needs has those that there are', () => {
    const result = withUnproven();
    Object.assign(result.thresholds[0]!, { samplesNeeded: null });
    expect(renderText(result, { width: 120, color: false })).toContain('unproven: only 7 samples');
  });
});

describe('a run that was paused', () => {
  it('says for how long', () => {
    const result = structuredClone(runResult());
    result.run.pausedMs = 4000;
    expect(renderText(result, { width: 120, color: false })).toContain('4 s of it paused');
    expect(readable(renderHtml(result))).toContain('of it paused');
  });
});
