import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeHistogram } from '@jarvis-load/engine/recorder';
import type { RunResult } from '@jarvis-load/engine/result';
import { HOSTILE } from '../../../packages/reporter/test/fixtures/hostile.ts';
import { simulatedRun } from '../../../packages/compare/test/support/simulated-run.js';
import { renderViews } from '../src/results/select-views.ts';

const NAMES = [
  'GET /cart/:id',
  '../../outside',
  '..\\outside',
  '/etc/passwd',
  'get_cart_id',
  'GET  /cart/:id',
  ...Object.values(HOSTILE),
  'long'.repeat(1000),
];

/** A run whose operations have these names. */
function runOf(names: readonly string[]): RunResult {
  const run = simulatedRun({
    seed: 1,
    operations: names.length,
    seconds: 4,
    rate: 5,
    sigma: 0.3,
    factors: {},
  });
  const rename = <Named extends { readonly operation: string }>(each: Named, index: number): Named => ({
    ...each,
    operation: names[index] ?? '',
  });
  const [first] = run.blocks?.operations ?? [];
  const histogram = first!.histograms.find((text) => text !== null)!;
  const { min, max, sum } = decodeHistogram(histogram);
  return {
    ...run,
    operations: run.operations.map((each, index) => ({
      ...rename(each, index),
      responseTime: {
        ...each.responseTime,
        histogram,
        minMs: min / 1000,
        maxMs: max / 1000,
        sumMs: sum / 1000,
      },
    })),
    blocks: { ...run.blocks!, operations: run.blocks!.operations.map(rename) },
  };
}

describe('HdrHistogram files of operations with any name', () => {
  const files = [...renderViews(runOf(NAMES), ['hlog', 'hgrm'], { kept: true })];

  it('stay in the folder of the run, one of each operation', () => {
    const names = files.map(({ fileName }) => fileName).filter((name) => name.endsWith('.hgrm'));
    expect(names).toHaveLength(NAMES.length);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(NAMES.length);
    for (const name of names) {
      expect(basename(name)).toBe(name);
      expect(name).toMatch(/^[\p{L}\p{N}.+_-]+$/u);
      expect(Buffer.byteLength(name)).toBeLessThan(255);
    }
  });

  it('have one line for each interval, whatever stands in a name', () => {
    const log = files.find(({ fileName }) => fileName.endsWith('.hlog'))!.content;
    const lines = log.split('\n').filter((line) => line !== '' && !/^[#"]/.test(line));
    expect(lines.length).toBeGreaterThan(NAMES.length);
    for (const line of lines) {
      const cells = line.split(',');
      expect(cells).toHaveLength(5);
      expect(cells[0]).toMatch(/^Tag=/);
      expect(decodeHistogram(cells[4]!).count).toBeGreaterThan(0);
      expect(line).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }
  });
});
