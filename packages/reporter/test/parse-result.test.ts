import { describe, expect, it } from 'vitest';
import type { RunResult } from '@jarvis-load/engine/result';
import { ReporterError, parseResult, renderJson } from '../src/index.ts';
import { hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';

function faultOf(text: string): ReporterError {
  try {
    parseResult(text, 'run/result.json');
  } catch (error) {
    if (error instanceof ReporterError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

function changed(change: (document: ReturnType<typeof runResult>) => unknown): string {
  const document = structuredClone(runResult());
  change(document);
  return JSON.stringify(document);
}

describe('renderJson and parseResult', () => {
  it('give back the same document, hostile text included', () => {
    const result = hostileRun();
    expect(parseResult(renderJson(result))).toEqual(result);
  });

  it('write one line per member and list element', () => {
    const result = runResult();
    const lines = renderJson(result).split('\n');
    expect(lines.filter((line) => line.startsWith('    {"metric"'))).toHaveLength(result.thresholds.length);
  });
});

describe('parseResult refuses', () => {
  it('text that is not JSON', () => {
    const error = faultOf('{"kind": ');
    expect(error.code).toBe('result_not_json');
    expect(error.message).toMatch(/^run\/result\.json is not JSON \(.+\); expected a result document/);
  });

  it.each([['[]'], ['null'], ['"text"'], ['{"kind":"jarvis-load.journal"}']])(
    '%s, which is another document',
    (text) => {
      expect(faultOf(text).code).toBe('result_wrong_kind');
    },
  );

  it.each([0, 0.5, -1, 99, '1', null])('a document of version %j, and says what to do', (schemaVersion) => {
    const error = faultOf(changed((document) => Object.assign(document, { schemaVersion })));
    expect(error.code).toBe('result_wrong_version');
    expect(error.message).toContain('expected 1 to 2');
  });

  it('a document of a newer version, naming both versions', () => {
    const error = faultOf(changed((document) => Object.assign(document, { schemaVersion: 99 })));
    expect(error.code).toBe('result_wrong_version');
    expect(error.message).toContain('schemaVersion 99, expected 1 to 2');
  });

  it('a fault, naming its place, what was expected and what was found', () => {
    const error = faultOf(
      changed((document) => Object.assign(document.operations[2] ?? {}, { requests: 'many' })),
    );
    expect(error.code).toBe('result_invalid');
    expect(error.message).toBe(
      'run/result.json is a result document with a fault at /operations/2/requests: must be integer; found "many". It was edited, or written by another version.',
    );
  });

  it('a word that is none of those allowed, listing them', () => {
    const error = faultOf(changed((document) => Object.assign(document.verdict, { status: 'green' })));
    expect(error.message).toContain(
      '/verdict/status: must be one of "pass", "fail", "not-valid"; found "green"',
    );
  });

  it.each([
    ['/run/startedAt', (run: RunResult) => Object.assign(run.run, { startedAt: 'yesterday' }), 'yesterday'],
    ['/run/endedAt', (run: RunResult) => Object.assign(run.run, { endedAt: '' }), ''],
    [
      '/errors/1/lastSeen',
      (run: RunResult) => Object.assign(run.errors[1]!, { lastSeen: '2026-02-29T25:00:00Z' }),
      '2026-02-29T25:00:00Z',
    ],
    [
      '/exceptions/0/firstSeen',
      (run: RunResult) => Object.assign(run.exceptions[0]!, { firstSeen: '7' }),
      '7',
    ],
  ])('a text that is no time at %s', (place, change, found) => {
    const document = structuredClone(hostileRun());
    change(document);
    const error = faultOf(JSON.stringify(document));
    expect(error.code).toBe('result_invalid');
    expect(error.message).toBe(
      `run/result.json is a result document with a fault at ${place}: must be a time of ISO 8601, such as "2026-11-22T16:05:12.340Z"; found ${JSON.stringify(found)}. It was edited, or written by another version.`,
    );
  });

  it('a document without one of its members', () => {
    const error = faultOf(changed((document) => Reflect.deleteProperty(document, 'totals')));
    expect(error.message).toContain('totals');
  });
});
