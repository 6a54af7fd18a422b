import { describe, expect, it } from 'vitest';
import { renderAll } from '../src/index.ts';
import { runResult } from './fixtures/run-result.ts';

describe('renderAll', () => {
  it('makes the file set of a run, the document first', () => {
    const files = renderAll(runResult());
    expect(files.map(({ fileName }) => fileName)).toEqual([
      'result.json',
      'report.html',
      'stats.csv',
      'history.csv',
      'failures.csv',
      'exceptions.csv',
      'junit.xml',
      'summary.md',
      'k6-summary.json',
      'summary.txt',
    ]);
    for (const { content } of files) expect(content.endsWith('\n')).toBe(true);
  });

  it('makes the same bytes of the same document', () => {
    expect(renderAll(runResult())).toEqual(renderAll(runResult()));
  });
});
