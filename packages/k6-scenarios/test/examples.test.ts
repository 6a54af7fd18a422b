import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { Type, type TProperties } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startMock } from '@jarvis-load/mock-jarvis';
import { bundleOf, k6TestByName } from '../src/index.ts';
import { k6, outcomesOf, runInK6 } from './support/run-in-k6.ts';

const examples = join(import.meta.dirname, '../../../examples');

/** Rejects unknown fields, as the cluster does. */
const exact = (properties: TProperties) => Type.Object(properties, { additionalProperties: false });

/** The fields of the k6 operator's api/v1alpha1/testrun_types.go that the example manifest may use. */
const TestRun = exact({
  apiVersion: Type.Literal('k6.io/v1alpha1'),
  kind: Type.Literal('TestRun'),
  metadata: exact({ name: Type.String({ pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }) }),
  spec: exact({
    parallelism: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }),
    script: exact({
      configMap: exact({ name: Type.String(), file: Type.String({ pattern: '^[^/]+\\.js$' }) }),
    }),
    arguments: Type.Optional(Type.String()),
    separate: Type.Optional(Type.Boolean()),
    cleanup: Type.Optional(Type.Literal('post')),
    quiet: Type.Optional(Type.String()),
    paused: Type.Optional(Type.String()),
    runner: exact({
      image: Type.Optional(Type.String()),
      env: Type.Optional(Type.Array(exact({ name: Type.String(), value: Type.String() }))),
      envFrom: Type.Optional(Type.Array(exact({ secretRef: exact({ name: Type.String() }) }))),
      resources: Type.Optional(
        exact({
          requests: Type.Optional(Type.Record(Type.String(), Type.String())),
          limits: Type.Optional(Type.Record(Type.String(), Type.String())),
        }),
      ),
    }),
  }),
});

describe('examples/', () => {
  it.skipIf(k6 === undefined)("k6-own-load.js: chatJourney in one's own k6 script runs", async () => {
    const mock = await startMock({ preset: 'fast' });
    const outfile = join(mkdtempSync(join(tmpdir(), 'k6-example-')), 'script.js');
    await build({
      entryPoints: [join(examples, 'k6-own-load.js')],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      conditions: ['@jarvis-load/source'],
      external: ['k6', 'k6/*'],
      logLevel: 'silent',
    });
    const run = await runInK6({ baseUrl: mock.url, script: outfile });
    const result = await run.result();
    await mock.close();
    rmSync(dirname(outfile), { recursive: true });
    expect(run.exit, run.log).toEqual({ exitCode: 0, abort: undefined });
    expect(outcomesOf(result)['chat.send']).toEqual({ ok: 3 });
    const judged = result.thresholds.map(({ metric, status }) => `${metric} ${status}`);
    // Three samples are below the limit, but are too few to prove it.
    expect(judged).toContain('response_time{name:chat.send} unproven');
    expect(judged).toContain('checks unproven');
  });

  it('k6-operator/testrun.yaml has the fields of the published schema, and names a bundle that is built', () => {
    const manifest: unknown = parse(readFileSync(join(examples, 'k6-operator/testrun.yaml'), 'utf8'));
    expect(
      [...Value.Errors(TestRun, manifest)].map(({ instancePath, message }) => `${instancePath} ${message}`),
    ).toEqual([]);
    expect(manifest).toMatchObject({ spec: { script: { configMap: { file: 'chat-api.js' } } } });
    // A ConfigMap holds at most 1 MiB.
    expect(readFileSync(bundleOf(k6TestByName('chat'))).length).toBeLessThan(1024 * 1024);
  });
});
