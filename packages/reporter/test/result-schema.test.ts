import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { RunResult } from '@jarvis-load/engine/result';
import { beforeAll, describe, expect, it } from 'vitest';
import { readK6, resultOfSummary } from '../src/ingest/index.ts';
import { emptyRun, hostileRun } from './fixtures/hostile.ts';
import { runResult } from './fixtures/run-result.ts';
import { asking, virtualLoad } from './fixtures/virtual-load.ts';

const SCHEMA = new URL('../../../docs/reference/result.schema.json', import.meta.url);
const K6 = new URL('fixtures/k6/', import.meta.url);

let validate: ValidateFunction;
beforeAll(() => {
  // Unions of types, such as a number or null, are written as `anyOf`: allowed in the strict mode, too.
  validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
});

/** What ajv says against a document as programs read it: after JSON, where NaN is null and undefined is absent. */
function faultsOf(document: RunResult): string[] {
  validate(JSON.parse(JSON.stringify(document)));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('the published JSON Schema, in a validator that is not ours', () => {
  it('accepts documents of runs, whatever happened in them', () => {
    const trouble = fc.record({
      slowdown: fc.double({ min: 0.01, max: 50, noNaN: true }),
      fromMs: fc.nat(4000),
      outcomes: fc.record({
        server_error: fc.double({ min: 0, max: 1, noNaN: true }),
        rate_limited: fc.constantFrom(0, 0.5),
      }),
    });
    fc.assert(
      fc.property(trouble, fc.integer({ min: 1, max: 5 }), (given, seconds) => {
        expect(faultsOf(runResult({ durationMs: seconds * 1000, trouble: given }))).toEqual([]);
      }),
      { numRuns: 20 },
    );
    for (const document of [emptyRun(), hostileRun()]) expect(faultsOf(document)).toEqual([]);
  });

  it('accepts documents that the engine and the readers of k6 make', async () => {
    const summary = { fileName: 's.json', endedMs: 1_795_921_224_000 };
    const samples = async function* () {
      yield await Promise.resolve(gunzipSync(readFileSync(new URL('out.csv.gz', K6))));
    };
    const documents = [
      (await readK6([{ fileName: 'out.csv', chunks: samples() }])).result({ environment: null }),
      ...['export.json', 'machine-readable.json'].map((name) =>
        resultOfSummary(JSON.parse(readFileSync(new URL(name, K6), 'utf8')), summary),
      ),
      await virtualLoad(
        {
          scenarios: [asking('ask', { kind: 'constant-arrival-rate', rate: 20, duration: '3s', maxVUs: 5 })],
          thresholds: { http_req_failed: ['rate<0.5'] },
        },
        ({ number }) => ({ afterMs: 20, status: number % 9 === 4 ? 500 : 200 }),
      ),
    ];
    for (const document of documents) expect(faultsOf(document)).toEqual([]);
  });

  it.each([
    ['a count that is no whole number', (document: RunResult) => void (document.totals.requests = 1.5)],
    ['a verdict of another word', (document: RunResult) => void (document.verdict.status = 'ok' as 'pass')],
    ['no totals', (document: RunResult) => void delete (document as Partial<RunResult>).totals],
  ])('refuses %s', (_, damage) => {
    const document = structuredClone(emptyRun());
    damage(document);
    expect(faultsOf(document)).not.toEqual([]);
  });
});
