import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseResult, renderAll, renderText } from '../src/index.ts';

/** Documents written by the last version of the engine with schema version 1. */
function written(name: string): string {
  return readFileSync(new URL(`./fixtures/version-1/${name}.json`, import.meta.url), 'utf8');
}

describe.each(['native', 'k6'])('a document of version 1, of a %s run', (name) => {
  const text = written(name);
  const old = JSON.parse(text) as { verdict: unknown; totals: { requests: number }; schemaVersion: number };
  const result = parseResult(text);

  it('is brought to the present version with the verdict and the counts that it had', () => {
    expect(old.schemaVersion).toBe(1);
    expect(result.schemaVersion).toBe(2);
    expect(result.verdict).toEqual(old.verdict);
    expect(result.totals.requests).toBe(old.totals.requests);
  });

  it('has null for what it does not tell', () => {
    expect(result.run.pausedMs).toBeNull();
    expect(result.health.machine).toBeNull();
    for (const { samplesNeeded } of [...result.thresholds, ...result.objectives])
      expect(samplesNeeded).toBeNull();
    for (const { activeMs } of result.scenarios) expect(activeMs).toBeNull();
    for (const { waitShare } of result.series.points) expect(waitShare).toBeNull();
  });

  it('is rendered by every view, without a value that nobody measured', () => {
    const views = renderAll(result);
    expect(views.map(({ fileName }) => fileName)).toContain('report.html');
    const terminal = { fileName: 'terminal', content: renderText(result, { width: 100, color: false }) };
    for (const { fileName, content } of [...views, terminal]) {
      expect(content.length, fileName).toBeGreaterThan(20);
      if (!fileName.endsWith('.html')) expect(content, fileName).not.toMatch(/undefined|NaN|\[object/);
    }
    expect(parseResult(views[0]!.content)).toEqual(result);
  });
});
